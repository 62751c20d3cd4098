"""PSNR against scikit-image."""

from __future__ import annotations

import math

import pytest
from skimage.metrics import peak_signal_noise_ratio

from photostyle.evaluation.measures.psnr import psnr
from support.tensors import tensor


def test_it_is_scikit_image_s(photographs) -> None:
    a, b = (tensor(photographs[name], 60, 70) for name in ("coffee", "astronaut"))
    assert psnr(a, b) == pytest.approx(peak_signal_noise_ratio(b.numpy(), a.numpy(), data_range=1.0), abs=1e-4)
    assert psnr(a, a + 0.1) == pytest.approx(20, abs=1e-4)
    assert psnr(a, a) == math.inf
