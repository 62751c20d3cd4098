"""The real GIMP and the real Krita for tests: where they are, and how they are run."""
