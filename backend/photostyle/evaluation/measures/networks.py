"""The networks that a style measure can look through: any, but always a named one."""

from __future__ import annotations

from pathlib import Path

from photostyle.features import registry
from photostyle.features.base import Features
from photostyle_protocol.errors import BadOptionError


def names() -> tuple[str, ...]:
    """The known networks."""
    return tuple(name for name in registry.names() if name != registry.AUTO)


def load(name: str = registry.EMBEDDED, weights: Path | None = None) -> Features:
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
    return registry.load(name, weights)
