"""Read shipped checkpoints, checked against a recorded digest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from photostyle_protocol.errors import JobFailedError

FOLDER = Path(__file__).parent


def expected_digests() -> dict[str, str]:
    """SHA-256 of each shipped checkpoint by file name."""
    digests: dict[str, str] = json.loads((FOLDER / "digests.json").read_text(encoding="utf-8"))
    return digests


def read_model(name: str) -> bytes:
    """A shipped checkpoint as its safetensors bytes.

    Raises:
        JobFailedError: The file is missing or was changed.
    """
    path = FOLDER / name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise JobFailedError(f"The model {name} cannot be read: {error}.", "Install photostyle again.") from error
    if hashlib.sha256(data).hexdigest() != expected_digests().get(name):
        raise JobFailedError(f"The model {path} is damaged.", "Install photostyle again.")
    return data
