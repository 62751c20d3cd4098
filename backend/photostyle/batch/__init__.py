"""Many transfers: what is to be done, who does it, what was done; stopped at any moment, it can go on."""
