"""Rules of buying: pure functions, one module per matter."""
