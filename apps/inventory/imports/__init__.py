"""What the files of other software mean for products and stock."""
