"""Rules of products and stock: pure functions, one module per matter."""
