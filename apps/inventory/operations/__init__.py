"""Every change of products and stock: keyword-only, set-based, in one transaction."""
