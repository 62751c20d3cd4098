"""Architectures of the trainable methods."""
