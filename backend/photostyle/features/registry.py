"""Perceptual networks by name."""

from __future__ import annotations

import importlib
from pathlib import Path

import safetensors.torch
from safetensors import SafetensorError

from photostyle.features.base import Features
from photostyle.features.weights import cache
from photostyle.features.weights.published import PUBLISHED
from photostyle.models.store import read_model
from photostyle_protocol.errors import BadOptionError

AUTO = "auto"
EMBEDDED = "embedded"
_BEST = "vgg19"
_NETWORKS = {
    "vgg19": "photostyle.features.vgg:Vgg19",
    "vgg16": "photostyle.features.vgg:Vgg16",
    "squeezenet": "photostyle.features.squeezenet:SqueezeNet",
    "distilled-vgg": "photostyle.features.distilled_vgg:DistilledVgg",
}
"""Those that are read from a file."""
_REASON = 200
"""Characters of a reason: torch lists every tensor that does not fit, each on a line."""


def names() -> tuple[str, ...]:
    """The known networks, and `AUTO`."""
    return (AUTO, *_NETWORKS, EMBEDDED)


def load(name: str, weights: Path | None = None) -> Features:
    """Load a perceptual network.

    Args:
        name: One of `names`; `AUTO` is VGG-19 where its weights are named or were fetched, else the embedded one.
        weights: A safetensors file. VGG can do with what was fetched, the embedded network has its own.

    Raises:
        BadOptionError: The name is unknown, the file is missing or holds another network.
    """
    if name not in names():
        raise BadOptionError(f"No perceptual network is called {name!r}.", f"Choose from: {', '.join(names())}.")
    if weights is not None and not weights.is_file():
        raise BadOptionError(f"There is no weights file at {weights}.", "Check the path.")
    if name == AUTO:
        name = _BEST if weights or cache.state(PUBLISHED[_BEST]) is cache.State.GOOD else EMBEDDED
    return _embedded(weights) if name == EMBEDDED else _read(name, weights or _fetched(name))


def _fetched(name: str) -> Path:
    """The weights of a network in the cache, where they can be fetched at all."""
    if name in PUBLISHED:
        return cache.verified(PUBLISHED[name])
    raise BadOptionError(f"The network {name} is read from a file.", "Name its safetensors file.")


def _embedded(weights: Path | None) -> Features:
    if weights is not None:
        raise BadOptionError("The embedded network has weights of its own.", "Leave the file out, or name its network.")
    from photostyle.features.embedded import MODEL, load_embedded

    return load_embedded(safetensors.torch.load(read_model(MODEL)))


def _read(name: str, weights: Path) -> Features:
    module, _, attribute = _NETWORKS[name].partition(":")
    make = getattr(importlib.import_module(module), attribute)
    try:
        network: Features = make(weights)
        if not all(bool(tensor.isfinite().all()) for tensor in network.state_dict().values()):
            raise ValueError("it holds values that are no numbers")
    except (RuntimeError, OSError, ValueError, SafetensorError) as error:
        reason = " ".join(str(error).split())[:_REASON].rstrip(".")
        raise BadOptionError(
            f"The weights in {weights} are not those of {name}: {reason}.", "Check the file."
        ) from error
    return network
