"""Rules of selling: pure, so that they can be tried with figures alone."""
