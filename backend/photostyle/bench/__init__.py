"""How fast this machine is with us: every stage by picture size, beside what the machine can do at most."""
