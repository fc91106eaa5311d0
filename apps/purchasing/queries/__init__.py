"""Reads of buying that take more than one table."""
