"""The demo's products and stock."""
