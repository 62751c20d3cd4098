"""The networks that a style measure can look through: every perceptual network, and the embedded one."""

from __future__ import annotations

from pathlib import Path

from photostyle.evaluation.measures.embedded import Embedded
from photostyle.features import registry
from photostyle.features.base import Features
from photostyle_protocol.errors import BadOptionError

EMBEDDED = "embedded"


def names() -> tuple[str, ...]:
    """The known networks; the first needs no file."""
    others = (name for name in registry.names() if name not in (registry.AUTO, EMBEDDED))
    return (EMBEDDED, *others)


def load(name: str = EMBEDDED, weights: Path | None = None) -> Features:
    """A network to look through.

    Args:
        name: One of `names`.
        weights: A safetensors file; the embedded network has its own.

    Raises:
        BadOptionError: The name is unknown, or the file is missing or holds another network.
    """
    if name == registry.AUTO:
        raise BadOptionError(
            "Figures seen through one network or another cannot be compared.", f"Choose from: {', '.join(names())}."
        )
    if name != EMBEDDED:
        return registry.load(name, weights)
    if weights is not None:
        raise BadOptionError("The embedded network has weights of its own.", "Leave the file out, or name its network.")
    return Embedded()
