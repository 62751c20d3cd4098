"""Published weights of perceptual networks: fetched on the person's word, checked, kept in the cache."""
