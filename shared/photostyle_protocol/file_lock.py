"""A lock on an open file, which ends with the file or with the process."""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":
    import msvcrt

    def lock(file: int) -> None:
        """See below."""
        # Locks a byte far behind what the file holds, which others must be able to read.
        os.lseek(file, 1 << 30, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        os.lseek(file, 0, os.SEEK_SET)

else:
    import fcntl

    def lock(file: int) -> None:
        """Take the lock, or fail at once.

        Args:
            file: Descriptor, open for writing.

        Raises:
            BlockingIOError: Another process has it (`PermissionError` on Windows).
            OSError: The disk knows no locks.
        """
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
