"""Data, losses, loops and checkpoints of the trainable methods."""
