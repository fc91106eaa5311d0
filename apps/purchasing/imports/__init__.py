"""Files of buying: what their columns mean, and how their rows are taken."""
