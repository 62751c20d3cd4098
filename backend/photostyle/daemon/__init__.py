"""The broker: sockets, sessions, the image store, the queue and the worker processes. Never imports torch."""
