"""Reads of selling."""
