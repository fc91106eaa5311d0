"""Reads of inventory that take more than one table."""
