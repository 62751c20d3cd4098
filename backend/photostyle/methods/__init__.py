"""One file per method of style transfer."""
