"""Photostyle: one photograph takes the look of another."""

__version__ = "0.1.0"
