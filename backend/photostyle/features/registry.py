"""Perceptual networks by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from safetensors import SafetensorError

from photostyle.features.base import Features
from photostyle_protocol.errors import BadOptionError


def _vgg19(path: Path | None) -> Features:
    from photostyle.features.vgg19 import Vgg19

    return Vgg19(path)


def _squeezenet(path: Path | None) -> Features:
    from photostyle.features.squeezenet import SqueezeNet

    return SqueezeNet(_needed(path, "squeezenet"))


def _distilled_vgg(path: Path | None) -> Features:
    from photostyle.features.distilled_vgg import DistilledVgg

    return DistilledVgg(_needed(path, "distilled-vgg"))


_NETWORKS: dict[str, Callable[[Path | None], Features]] = {
    "vgg19": _vgg19,
    "squeezenet": _squeezenet,
    "distilled-vgg": _distilled_vgg,
}


def _needed(path: Path | None, name: str) -> Path:
    if path is None:
        raise BadOptionError(f"The network {name} is read from a file.", "Name it with --teacher-weights FILE.")
    return path


_REASON = 200
"""Characters of a reason: torch lists every tensor that does not fit, each on a line."""


def names() -> tuple[str, ...]:
    """The known networks."""
    return tuple(_NETWORKS)


def load(name: str, weights: Path | None = None) -> Features:
    """Load a perceptual network.

    Args:
        name: One of `names`.
        weights: A safetensors file; VGG-19 can do without, torchvision has its weights.

    Raises:
        BadOptionError: The name is unknown, the file is missing or holds another network.
    """
    if name not in _NETWORKS:
        raise BadOptionError(f"No perceptual network is called {name!r}.", f"Choose from: {', '.join(_NETWORKS)}.")
    if weights is not None and not weights.is_file():
        raise BadOptionError(f"There is no weights file at {weights}.", "Check the path.")
    try:
        return _NETWORKS[name](weights)
    except (RuntimeError, OSError, SafetensorError) as error:
        reason = " ".join(str(error).split())[:_REASON].rstrip(".")
        raise BadOptionError(
            f"The weights in {weights} are not those of {name}: {reason}.", "Check the file."
        ) from error
