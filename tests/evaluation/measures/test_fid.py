"""FID: torchmetrics' own arithmetic on features small enough to check, and what is refused."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm
from torch import Tensor, nn
from torchmetrics.image.fid import FrechetInceptionDistance

from photostyle.evaluation.measures import fid as fid_module
from photostyle.evaluation.measures.fid import distance, fid
from photostyle_protocol.errors import BadInputError, BadOptionError
from support.tensors import tensor


class Moments(nn.Module):
    """Six features: mean and deviation of each channel, from 8-bit pictures."""

    num_features = 6

    def forward(self, x: Tensor) -> Tensor:
        assert x.dtype == torch.uint8
        x = x.double() / 255
        return torch.cat([x.mean((2, 3)), x.std((2, 3))], dim=1)


def crops(picture: Tensor) -> list[Tensor]:
    """Of two sizes."""
    return [picture[..., y : y + 20 + y // 5, x : x + 30] for y in range(0, 60, 10) for x in range(0, 60, 15)]


@pytest.fixture
def sets(photographs) -> tuple[list[Tensor], list[Tensor]]:
    return tuple(crops(tensor(photographs[name], 100, 100)) for name in ("coffee", "chelsea"))


def test_it_is_the_distance_of_two_gaussians(sets: tuple[list[Tensor], list[Tensor]]) -> None:
    got, wanted = (torch.cat([Moments()((p * 255).round().byte()) for p in pictures]).numpy() for pictures in sets)
    a, b = (np.cov(features.T) for features in (got, wanted))
    reference = ((got.mean(0) - wanted.mean(0)) ** 2).sum() + np.trace(a + b - 2 * np.real(sqrtm(a @ b)))
    assert distance(FrechetInceptionDistance(Moments()), *sets) == pytest.approx(reference, rel=1e-4)
    assert distance(FrechetInceptionDistance(Moments()), sets[0], iter(sets[0])) == pytest.approx(0, abs=1e-6)


def test_single_pictures_are_refused(sets: tuple[list[Tensor], list[Tensor]]) -> None:
    for few in ((sets[0][:1], sets[1]), (sets[0], sets[1][:1]), ([], sets[1])):
        with pytest.raises(BadInputError, match="fewer than two"):
            distance(FrechetInceptionDistance(Moments()), *few)


def test_another_file_is_refused(tmp_path: Path, sets: tuple[list[Tensor], list[Tensor]]) -> None:
    other = tmp_path / "weights.pth"
    with pytest.raises(BadOptionError, match="no file"):
        fid(*sets, weights=other)
    other.write_bytes(b"\x80\x02}q\x00.")
    with pytest.raises(BadOptionError, match="Inception weights") as caught:
        fid(*sets, weights=other)
    assert "6726825d" in caught.value.hint


def test_without_the_extra_the_hint_says_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sets: tuple[list[Tensor], list[Tensor]]
) -> None:
    monkeypatch.setitem(sys.modules, "torchmetrics.image.fid", None)
    weights = tmp_path / "weights.pth"
    weights.write_bytes(b"something")
    monkeypatch.setattr(fid_module, "_DIGEST", hashlib.sha256(b"something").hexdigest()[:8])
    before = dict(os.environ)
    with pytest.raises(BadOptionError, match="torchmetrics") as caught:
        fid(*sets, weights=weights)
    assert "photostyle[fid]" in caught.value.hint
    assert dict(os.environ) == before
