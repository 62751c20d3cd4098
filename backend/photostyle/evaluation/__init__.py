"""Measures and contact sheets."""
