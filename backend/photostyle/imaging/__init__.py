"""Image files in and out. Knows nothing of methods and imports no torch."""
