"""Perceptual networks that a loss looks through."""
