"""What the tests of all rooms share; imported as `support`."""
