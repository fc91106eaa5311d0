"""What every test of selling may ask for."""

from tests.sales.shop import desk

__all__ = ["desk"]
