"""What the machine has to give, and what it gets back; imported by every room that has to ask, imports none."""
