"""The checkpoints that are shipped, their digests and model cards."""
