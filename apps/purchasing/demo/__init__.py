"""The demo's buying."""
