"""The main way of a request: pixels, regions, method, finish, pixels."""
