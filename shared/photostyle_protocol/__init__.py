"""What crosses the socket between an editor and the daemon, and the client.

Standard library, pyzmq and msgpack only; runs on every Python from 3.10 on that an editor bundles.
"""

__version__ = "0.1.0"
