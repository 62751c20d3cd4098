"""What the figures of a folder depend on, so that two evaluations are never mixed in one table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import torch

from photostyle import __version__
from photostyle.models import store
from photostyle_protocol.errors import BadInputError

_ROOMS = ("evaluation/measures", "features", "imaging", "methods", "ops", "stylize")
"""What decides a picture or a figure; with the models."""

Record = Mapping[str, str | int | float | list[str] | list[float]]


def engine_record(device: str) -> dict[str, str]:
    """Versions, a digest of the engine's source and models, and the device."""
    return {
        "photostyle": __version__,
        "engine": _engine_digest(),
        "torch": torch.__version__,
        "device": device,
    }


def _engine_digest() -> str:
    """Twelve characters that change with the source of the rooms that decide a figure, and with the models."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256(json.dumps(store.expected_digests(), sort_keys=True).encode())
    for room in _ROOMS:
        for path in sorted((package / room).rglob("*.py")):
            digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def file_digest(path: Path) -> str:
    """The first twelve characters of a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def claim(path: Path, wanted: Record) -> None:
    """Write the record, or find that the one that is there is the same.

    Raises:
        BadInputError: The folder belongs to another evaluation; says what differs.
    """
    if not path.exists():
        path.write_text(json.dumps(wanted, indent=1) + "\n", encoding="utf-8")
        return
    found = _read(path)
    other = [name for name in {**wanted, **found} if found.get(name) != wanted.get(name)]
    if other:
        differences = "; ".join(f"{name}: {found.get(name)} there, {wanted.get(name)} now" for name in other)
        raise BadInputError(
            f"{path.parent} holds an evaluation of another kind ({differences}).", "Choose another folder, or empty it."
        )


def _read(path: Path) -> Record:
    try:
        found: Record = json.loads(path.read_text(encoding="utf-8"))
        return dict(found)
    except (OSError, ValueError) as error:
        raise BadInputError(f"{path} cannot be read ({error}).", "Choose another folder for the output.") from error
