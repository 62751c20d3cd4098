"""BRISQUE and NIQE against what other programs say of scikit-image's photographs."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter
from torch import Tensor

from photostyle.evaluation.measures import parameters
from photostyle.evaluation.measures.brisque import brisque
from photostyle.evaluation.measures.niqe import halved, niqe
from photostyle_protocol.errors import JobFailedError

OPENCV_BRISQUE = {"astronaut": 0.494, "chelsea": 2.066, "coffee": 3.606, "rocket": 9.212}
"""cv2.quality.QualityBRISQUE of OpenCV 4.14 with its own model."""

BASICSR_NIQE = {"astronaut": 3.0635, "chelsea": 2.5721, "coffee": 4.0583, "rocket": 7.0359}
"""BasicSR 1.4.2, which follows the authors' MATLAB release."""


def whole(photograph: np.ndarray) -> Tensor:
    return torch.from_numpy(photograph.astype(np.float32) / 255).permute(2, 0, 1)[None]


@pytest.mark.parametrize("name", OPENCV_BRISQUE)
def test_brisque_is_opencv_s(photographs, name: str) -> None:
    assert brisque(whole(photographs[name])) == pytest.approx(OPENCV_BRISQUE[name], abs=0.05)


@pytest.mark.parametrize("name", BASICSR_NIQE)
def test_niqe_is_the_authors(photographs, name: str) -> None:
    assert niqe(whole(photographs[name])) == pytest.approx(BASICSR_NIQE[name], abs=0.005)


@pytest.mark.parametrize("quality", [brisque, niqe])
def test_blur_and_noise_are_seen(photographs, quality) -> None:
    picture = photographs["chelsea"]
    blurred = np.stack([gaussian_filter(picture[..., c], 2.0) for c in range(3)], axis=2)
    noisy = picture + np.random.default_rng(3).normal(0, 25, picture.shape)
    untouched = quality(whole(picture))
    assert quality(whole(blurred)) > untouched + 1.5
    assert quality(whole(noisy.clip(0, 255).round())) > untouched + 1.5


@pytest.mark.parametrize("quality", [brisque, niqe])
def test_what_has_no_figure_gives_none(quality) -> None:
    assert math.isnan(quality(torch.full((1, 3, 120, 130), 0.5)))
    assert math.isnan(quality(torch.rand(1, 3, 12, 130)))


def test_a_picture_with_flat_areas_has_a_figure(photographs) -> None:
    picture = whole(photographs["astronaut"]).clone()
    picture[..., :200, :] = 1.0
    assert 0 <= brisque(picture) <= 100
    assert 1 < niqe(picture) < 30


def test_one_block_is_enough(photographs) -> None:
    assert niqe(whole(photographs["chelsea"])[..., :100, :100]) > 0


def test_half_size_keeps_a_ramp_and_drops_what_is_too_fine() -> None:
    ramp = torch.arange(40, dtype=torch.float64).expand(20, 40)
    inner = halved(ramp)[:, 2:-2]
    torch.testing.assert_close(inner, ramp[:10, 4:36:2] + 0.5)
    stripes = torch.tensor([0.0, 1.0], dtype=torch.float64).repeat(20).expand(20, 40)
    assert (halved(stripes)[:, 2:-2] - 0.5).abs().max() < 0.2


def test_changed_parameters_are_refused(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameters, "__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(JobFailedError, match="cannot be read"):
        parameters.read_parameters("niqe")
    (tmp_path / "niqe.safetensors").write_bytes(b"something else")
    with pytest.raises(JobFailedError, match="damaged"):
        parameters.read_parameters("niqe")
