"""The weights that can be fetched, and what is known of them beforehand."""

from __future__ import annotations

from dataclasses import dataclass

from photostyle_protocol.errors import BadOptionError

_LICENCE = "BSD 3-Clause, as torchvision; trained on ImageNet, whose own terms may bear on what you do with them"


@dataclass(frozen=True)
class Published:
    """One file of weights that others publish.

    Attributes:
        name: Of the network in `photostyle.features.registry`.
        title: For people.
        file: As its publisher calls it.
        address: Where it is.
        size: In bytes.
        digest: Its SHA-256.
        licence: For people.
    """

    name: str
    title: str
    file: str
    address: str
    size: int
    digest: str
    licence: str = _LICENCE


def _of_torchvision(name: str, title: str, size: int, digest: str) -> Published:
    """Torchvision names its files with the first eight digits of their SHA-256."""
    file = f"{name}-{digest[:8]}.pth"
    return Published(name, title, file, f"https://download.pytorch.org/models/{file}", size, digest)


PUBLISHED = {
    published.name: published
    for published in (
        _of_torchvision(
            "vgg19", "VGG-19", 574_673_361, "dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44"
        ),
        _of_torchvision(
            "vgg16", "VGG-16", 553_433_881, "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0"
        ),
    )
}
"""By the network's name."""


def published(name: str) -> Published:
    """What is known of a network's weights.

    Raises:
        BadOptionError: None are published under this name.
    """
    if name not in PUBLISHED:
        raise BadOptionError(f"No weights called {name!r} can be fetched.", f"Choose from: {', '.join(PUBLISHED)}.")
    return PUBLISHED[name]
