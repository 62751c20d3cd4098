"""The command line: a thin face on the rooms below.

Importing it imports neither torch nor numpy nor zmq; each command imports what it needs when it runs.
A command lives in a file of its own and is listed in `app`.
"""

from photostyle.cli.entry import main

__all__ = ["main"]
