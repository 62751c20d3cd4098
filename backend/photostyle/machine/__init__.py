"""What the machine has to give; imported by every room that has to ask, imports none."""
