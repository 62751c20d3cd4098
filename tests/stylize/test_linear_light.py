"""Pixels that are linear light: the same look, nothing clipped, nothing else touched."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from photostyle.ops.srgb_curve import encode, linearise
from photostyle_protocol.color_space import LINEAR_LIGHT


def curved(light: np.ndarray) -> np.ndarray:
    return encode(torch.from_numpy(light.astype(np.float32))).numpy()


def light(picture: np.ndarray) -> np.ndarray:
    return linearise(torch.from_numpy(picture.astype(np.float32) / 255)).numpy()


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_the_look_is_that_of_the_curved_picture(run, small, channels: int) -> None:
    content, style = (small[name][..., :1] if channels == 1 else small[name] for name in ("coffee", "chelsea"))
    if channels == 4:
        content = np.dstack([content, np.full(content.shape[:2], 200, np.uint8)])
    linear = light(content)
    if channels == 4:
        linear[..., 3] = 0.3
    result = run(linear, light(style), space=LINEAR_LIGHT, style_space=LINEAR_LIGHT)
    expected = run(np.float32(content) / 255, style)
    np.testing.assert_allclose(curved(result[..., :3]), expected[..., :3], atol=2e-3)
    np.testing.assert_array_equal(result[..., 3:], linear[..., 3:])


def test_values_beyond_the_range_and_the_unselected(run, small) -> None:
    content = light(small["coffee"]) * 4 - 0.2
    mask = np.full(content.shape[:2], 255, np.uint8)
    mask[:20] = 0
    result = run(content, content, mask=mask, space=LINEAR_LIGHT, style_space=LINEAR_LIGHT)
    np.testing.assert_array_equal(result[:20], content[:20])
    assert result.max() > 2
    assert result.min() < -0.02


@pytest.mark.parametrize("dtype", [np.float16, np.uint16])
def test_other_pixel_types(run, small, dtype: type) -> None:
    linear = light(small["coffee"])
    scale = 65535 if dtype is np.uint16 else 1
    result = run((linear * scale).astype(dtype), light(small["chelsea"]), space=LINEAR_LIGHT, style_space=LINEAR_LIGHT)
    assert result.dtype == dtype
    expected = run(linear, light(small["chelsea"]), space=LINEAR_LIGHT, style_space=LINEAR_LIGHT)
    np.testing.assert_allclose(curved(result / np.float32(scale)), np.clip(curved(expected), 0, 1), atol=6e-3)
