"""Small differentiable pieces, one concept per file."""
