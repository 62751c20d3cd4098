"""Which clients of a network may come in."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from zmq.utils import z85

from photostyle_protocol.errors import BadOptionError

_KEY_BYTES = 32

log = logging.getLogger(__name__)


@dataclass(eq=False)
class KeyRing:
    """The public keys that are let in by one door; what `zmq.auth` asks.

    Attributes:
        allowed: The keys (Z85).
        file: Where they are listed; ``None`` for keys that stay as they are.
    """

    allowed: frozenset[bytes]
    file: Path | None = None
    _stamp: tuple[int, int, int] | None = None

    @classmethod
    def listed_in(cls, file: Path) -> KeyRing:
        """The keys in a file, now and after every change.

        Raises:
            BadOptionError: The file cannot be read, holds something else, or nothing.
        """
        stamp = _stamp_of(file)
        return cls(frozenset(read_allowed_keys(file)), file, stamp)

    def callback(self, domain: str, key: bytes) -> bool:
        """Whether the owner of this key may come in."""
        return key in self.allowed

    def refresh(self) -> bool:
        """Read the list again if it has changed; whether it has.

        Nobody comes in while it cannot be read: a key that was revoked must not get in by a spelling mistake.
        """
        if self.file is None or (stamp := _stamp_of(self.file)) == self._stamp:
            return False
        self._stamp = stamp
        try:
            self.allowed = frozenset(read_allowed_keys(self.file))
        except BadOptionError as error:
            log.error("nobody is let in from the network: %s", error)
            self.allowed = frozenset()
        return True


def read_allowed_keys(path: Path) -> Iterable[bytes]:
    """The public keys in a file: Z85, one at the start of each line; "# " begins a remark.

    Raises:
        BadOptionError: The file cannot be read, holds something else, or nothing.
    """
    try:
        lines = [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise BadOptionError(f"The list of keys {path} cannot be read: {error}.") from error
    # A key may itself contain #, so only a # of its own begins a remark.
    keys = [words[0].encode("ascii") for words in lines if words and words[0] != "#"]
    for key in keys:
        if not _is_key(key):
            raise BadOptionError(f"{key.decode()!r} in {path} is no CURVE key.", "A key has 40 characters.")
    if not keys:
        raise BadOptionError(f"The list of keys {path} is empty, so nobody could come in.")
    return keys


def _is_key(key: bytes) -> bool:
    try:
        return len(z85.decode(key)) == _KEY_BYTES
    except (ValueError, KeyError):
        return False


def _stamp_of(file: Path) -> tuple[int, int, int] | None:
    """What changes with a file, also where it is replaced within the clock's grain."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
