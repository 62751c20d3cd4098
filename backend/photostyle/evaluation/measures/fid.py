"""FID: how far a set of results is from a set of photographs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor

from photostyle_protocol.errors import BadInputError, BadOptionError

_DIGEST = "6726825d"
"""First digits of the SHA-256, which the file's published name ends in."""
_FORCE = "TORCH_FORCE_WEIGHTS_ONLY_LOAD"
_FEATURES = 2048
_FEWEST = 2


class Frechet(Protocol):
    """What is used of torchmetrics' ``FrechetInceptionDistance``."""

    def update(self, imgs: Tensor, real: bool) -> None:
        """Add pictures (B, 3, H, W; uint8) to one of the two sets."""

    def compute(self) -> Tensor:
        """The distance of the two sets."""


def fid(outputs: Iterable[Tensor], reference: Iterable[Tensor], weights: Path) -> float:
    """Fréchet Inception distance (Heusel et al. 2017) of two sets of pictures, by torchmetrics and torch-fidelity.

    ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 √(Σ₁Σ₂)) of the last pooling layer (2048 features) of TensorFlow's Inception of 2015,
    on 8-bit pictures brought to 299 × 299 bilinearly as TensorFlow 1 did. With fewer than some thousand pictures it
    is far too high: compare sets of the same size only.

    Args:
        outputs: Pictures (1, 3, H, W), encoded RGB, 0–1, of any sizes; at least two.
        reference: Pictures to be like, for example the style photographs.
        weights: ``weights-inception-2015-12-05-6726825d.pth`` as torch-fidelity publishes it (96 MB).

    Returns:
        0 and up, lower is better.

    Raises:
        BadOptionError: The extra is not installed, or the file is missing or another one.
        BadInputError: A set has fewer than two pictures.
    """
    _check(weights)
    return distance(_inception(weights), outputs, reference)


def distance(metric: Frechet, outputs: Iterable[Tensor], reference: Iterable[Tensor]) -> float:
    """The Fréchet distance of two sets of pictures (1, 3, H, W), 0–1, by what a metric sees in them.

    Raises:
        BadInputError: A set has fewer than two pictures.
    """
    for pictures, real in ((outputs, False), (reference, True)):
        if _updated(metric, pictures, real) < _FEWEST:
            raise BadInputError("FID compares sets of pictures, and one has fewer than two.", "Give more pictures.")
    return max(0.0, float(metric.compute()))


@torch.inference_mode()
def _updated(metric: Frechet, pictures: Iterable[Tensor], real: bool) -> int:
    count = 0
    for picture in pictures:
        metric.update((picture.clamp(0, 1) * 255).round().byte(), real=real)
        count += 1
    return count


def _check(weights: Path) -> None:
    if not weights.is_file():
        raise BadOptionError(f"There is no file at {weights}.", f"FID needs torch-fidelity's weights ({_DIGEST}.pth).")
    with weights.open("rb") as file:
        if not hashlib.file_digest(file, "sha256").hexdigest().startswith(_DIGEST):
            raise BadOptionError(
                f"{weights} does not hold torch-fidelity's Inception weights.",
                f"The right file's SHA-256 begins with {_DIGEST}.",
            )


@contextmanager
def _tensors_only() -> Iterator[None]:
    """torch-fidelity reads its file with the full unpickler; torch's own switch lets it read tensors and no code."""
    before = os.environ.get(_FORCE)
    os.environ[_FORCE] = "1"
    try:
        yield
    finally:
        del os.environ[_FORCE]
        if before is not None:
            os.environ[_FORCE] = before


def _inception(weights: Path) -> Frechet:
    try:
        from torchmetrics.image.fid import FrechetInceptionDistance

        with _tensors_only():
            metric: Frechet = FrechetInceptionDistance(
                feature=_FEATURES, feature_extractor_weights_path=str(weights), antialias=False
            )
    except (ImportError, RuntimeError, OSError) as error:
        raise BadOptionError(
            f"FID needs torchmetrics and torch-fidelity, which do not run here: {error}.",
            "Install them: pip install 'photostyle[fid]'.",
        ) from error
    return metric
