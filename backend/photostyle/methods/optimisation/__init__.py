"""What the methods share that optimise a picture: objective, descent, pyramid, regions."""
