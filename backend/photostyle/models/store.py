"""Read shipped checkpoints, checked against a recorded digest."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from photostyle_protocol.errors import JobFailedError

_SHIPPED = Path(__file__).parent
_OVERRIDE = "PHOTOSTYLE_MODELS"
_DIGESTS = "digests.json"


def folder() -> Path:
    """Where the models are: in the package, or in the folder of one's own training that PHOTOSTYLE_MODELS names."""
    return Path(os.environ.get(_OVERRIDE) or _SHIPPED)


def home(name: str) -> Path:
    """The folder of one model: the package's where one's own training made others only.

    Raises:
        JobFailedError: The folder that PHOTOSTYLE_MODELS names has no list of digests.
    """
    own = folder()
    return own if name in expected_digests() or (own / name).exists() else _SHIPPED


def expected_digests(where: Path | None = None) -> dict[str, str]:
    """SHA-256 of each checkpoint of a folder, or of the one in use, by file name.

    Raises:
        JobFailedError: The folder has no list of digests.
    """
    path = (where or folder()) / _DIGESTS
    try:
        digests: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise JobFailedError(f"There are no models in {path.parent}: {error}.", _hint()) from error
    return digests


def record(path: Path) -> None:
    """List a checkpoint's digest in its folder, so that it can be read as a model."""
    listed = path.with_name(_DIGESTS)
    digests = json.loads(listed.read_text(encoding="utf-8")) if listed.is_file() else {}
    digests[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    listed.write_text(json.dumps(digests, indent=2) + "\n", encoding="utf-8")


def _hint() -> str:
    return f"Check {_OVERRIDE}." if _OVERRIDE in os.environ else "Install photostyle again."


def read_model(name: str) -> bytes:
    """A checkpoint as its safetensors bytes.

    Raises:
        JobFailedError: The file is missing or was changed.
    """
    path = home(name) / name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise JobFailedError(f"The model {name} cannot be read: {error}.", _hint()) from error
    if hashlib.sha256(data).hexdigest() != expected_digests(path.parent).get(name):
        raise JobFailedError(f"The model {path} is damaged.", _hint())
    return data
