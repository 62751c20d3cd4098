"""What an installation put where, kept in the plug-in's folder: only what is in it is ever taken away again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

NAME = "installed.json"


@dataclass(frozen=True)
class Receipt:
    """What was put into a profile.

    Attributes:
        version: Photostyle's version.
        files: Path below the profile, with ``/``, and the SHA-256 digests that the file may have. It is one, but while
            a newer version is being put in place it is the old one's too, so that an interruption costs nothing.
    """

    version: str
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, version: str, payload: Mapping[str, bytes]) -> Receipt:
        """For files that are about to be put in place."""
        return cls(version, {path: (digest(data),) for path, data in payload.items()})

    def joined_with(self, older: Receipt) -> Receipt:
        """Both installations' files, under this one's version."""
        paths = sorted({*self.files, *older.files})
        known = {path: (*self.files.get(path, ()), *older.files.get(path, ())) for path in paths}
        return Receipt(self.version, {path: tuple(dict.fromkeys(digests)) for path, digests in known.items()})

    def is_ours(self, root: Path, path: str) -> bool:
        """Whether the file is as it was installed; a link never is."""
        file = root / path
        return not file.is_symlink() and file.is_file() and digest(file.read_bytes()) in self.files.get(path, ())

    def to_json(self) -> bytes:
        """As it is written."""
        content = {"photostyle": self.version, "files": {path: list(known) for path, known in self.files.items()}}
        return (json.dumps(content, indent=1, sort_keys=True) + "\n").encode()


def read_receipt(path: Path) -> Receipt | None:
    """The receipt in this file; ``None`` if there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        files = {str(name): tuple(map(str, known)) for name, known in found["files"].items()}
        receipt = Receipt(str(found["photostyle"]), files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return receipt if _all_below(receipt.files) else None


def _all_below(paths: Iterable[str]) -> bool:
    """Whether no path leads out of the profile: a receipt is a file that anybody may have written."""
    pure = [PurePosixPath(path) for path in paths]
    return not any(path.is_absolute() or ".." in path.parts or "\\" in str(path) or ":" in str(path) for path in pure)


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
