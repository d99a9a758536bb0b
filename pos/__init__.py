"""Karya POS: a till, its stock and its books for the shops of one facility."""

__version__ = "0.1.0"
