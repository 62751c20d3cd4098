"""Where fetched weights are kept, each beside its digest."""

from __future__ import annotations

import enum
import hashlib
import os
from pathlib import Path

from platformdirs import user_cache_path

from photostyle.features.weights.published import Published
from photostyle_protocol.errors import BadOptionError

_ELSEWHERE = "PHOTOSTYLE_WEIGHTS"


class State(enum.Enum):
    """How the weights of a network are."""

    MISSING = "missing"
    GOOD = "good"
    DAMAGED = "damaged"


def folder() -> Path:
    """The folder of all fetched weights: the one that PHOTOSTYLE_WEIGHTS names, else in the platform's cache.

    It need not exist.
    """
    elsewhere = os.environ.get(_ELSEWHERE)
    return Path(elsewhere) if elsewhere else user_cache_path("photostyle", appauthor=False) / "weights"


def place(published: Published) -> Path:
    """Where the converted weights of a network are, or would be: a safetensors file."""
    return folder() / f"{published.name}.safetensors"


def part(published: Published) -> Path:
    """What has been fetched so far of the publisher's file."""
    return folder() / f"{published.file}.part"


def state(published: Published) -> State:
    """Whether the weights are there, and are what was written."""
    path = place(published)
    try:
        recorded = _digest_file(path).read_text(encoding="utf-8").strip()
        return State.GOOD if sha256(path) == recorded else State.DAMAGED
    except OSError:
        return State.DAMAGED if path.exists() else State.MISSING


def verified(published: Published) -> Path:
    """The file with the weights of a network.

    Raises:
        BadOptionError: They were not fetched, or are damaged.
    """
    found = state(published)
    if found is State.GOOD:
        return place(published)
    if found is State.DAMAGED:
        raise BadOptionError(
            f"The weights of {published.title} in {place(published)} are damaged.",
            f"Fetch them again: photostyle weights fetch {published.name}",
        )
    raise BadOptionError(
        f"The weights of {published.title} are not on this computer, and nothing is fetched unasked.",
        f"Fetch them ({published.size / 1e6:.0f} MB) with: photostyle weights fetch {published.name}; or name a file.",
    )


def record(published: Published, whole: Path) -> Path:
    """Put a file, which lies in the folder already, in its place at once, and write down its digest.

    Returns:
        The place.
    """
    digest = sha256(whole)
    path = whole.replace(place(published))
    # Interrupted here, the file beside an old digest counts as damaged, and is fetched again.
    _digest_file(path).write_text(f"{digest}\n", encoding="utf-8")
    return path


def remove(published: Published) -> int:
    """Delete the weights of a network, whole or in part; the number of bytes that are free again."""
    path = place(published)
    there = [file for file in (path, part(published), _digest_file(path)) if file.exists()]
    size = sum(file.stat().st_size for file in there)
    for file in there:
        file.unlink()
    return size


def sha256(path: Path) -> str:
    """The digest of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest_file(path: Path) -> Path:
    return path.with_suffix(".sha256")
