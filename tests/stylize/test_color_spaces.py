"""One photograph in several spaces and depths: the same look, in its own space, and nothing else touched."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from photostyle.ops.working_space import into_working_space, out_of_working_space
from photostyle_protocol.color_space import LINEAR_LIGHT, ColorSpace, Curve

PROPHOTO = ColorSpace(
    (Curve(1.8, 1.0, 0.0, 1 / 16, 1 / 32),),
    (2.03424, -0.72742, -0.30682, -0.22882, 1.23174, -0.00292, -0.00857, -0.15328, 1.16184),
)
ADOBE = ColorSpace(
    (Curve(2.19921875, 1.0, 0.0, 0.0, 0.0),), (1.39836, -0.39836, 0.0, 0.0, 1.0, 0.0, 0.0, -0.04293, 1.04293)
)
FINISHES = ("grid", "guided", "none")


def planes(picture: np.ndarray) -> torch.Tensor:
    full = 1 if picture.dtype.kind == "f" else np.iinfo(picture.dtype).max
    return torch.from_numpy(picture.astype(np.float32) / full).permute(2, 0, 1)[None]


def shown_in(picture: np.ndarray, space: ColorSpace, dtype: type) -> np.ndarray:
    """An sRGB picture as the same colours in a space."""
    colors = out_of_working_space(planes(picture), space)[0].permute(1, 2, 0).numpy()
    return colors.astype(dtype) if np.dtype(dtype).kind == "f" else np.rint(colors.clip(0, 1) * 65535).astype(dtype)


def in_srgb(picture: np.ndarray, space: ColorSpace) -> np.ndarray:
    return into_working_space(planes(picture), space)[0].permute(1, 2, 0).numpy()


@pytest.mark.parametrize("method", ["monge-kantorovich", "rest"])
@pytest.mark.parametrize(
    ("space", "dtype"),
    [(PROPHOTO, np.uint16), (ADOBE, np.uint16), (LINEAR_LIGHT, np.float32), (LINEAR_LIGHT, np.float16)],
    ids=["ProPhoto", "Adobe RGB", "light", "half light"],
)
def test_the_look_does_not_depend_on_the_space(run, small, space: ColorSpace, dtype: type, method: str) -> None:
    from skimage.color import deltaE_ciede2000, rgb2lab

    content, style = small["coffee"], small["rocket"]
    expected = run(content.astype(np.float32) / 255, style, method=method)
    result = run(
        shown_in(content, space, dtype), shown_in(style, space, dtype), space=space, style_space=space, method=method
    )
    assert result.dtype == dtype
    lab, wanted = (rgb2lab(picture.clip(0, 1)) for picture in (in_srgb(result, space), expected))
    difference = deltaE_ciede2000(lab, wanted)
    assert difference.mean() < 0.05
    assert np.quantile(difference, 0.99) < 0.4


def test_content_and_style_have_spaces_of_their_own(run, small) -> None:
    content, style = small["coffee"].astype(np.float32) / 255, small["rocket"]
    expected = run(content, style)
    result = run(content, shown_in(style, PROPHOTO, np.uint16), style_space=PROPHOTO)
    np.testing.assert_allclose(result, expected, atol=2e-3)


@pytest.mark.parametrize("space", [PROPHOTO, ADOBE, LINEAR_LIGHT], ids=["ProPhoto", "Adobe RGB", "light"])
def test_every_bit_stays_where_nothing_changes(run, space: ColorSpace) -> None:
    """Saturated colours and the darkest levels too, outside the mask, and in their own style."""
    content = np.random.default_rng(5).integers(0, 65536, (40, 50, 4), np.uint16)
    content[:5] = np.random.default_rng(6).integers(0, 9, (5, 50, 4), np.uint16)
    mask = np.zeros((40, 50), np.uint8)
    mask[:, 25:] = 255
    result = run(content, content[::-1, :, :3] // 2, mask=mask, space=space, style_space=space)
    np.testing.assert_array_equal(result[:, :25], content[:, :25])
    np.testing.assert_array_equal(result[..., 3], content[..., 3])
    assert (result[:, 25:, :3] != content[:, 25:, :3]).any()
    np.testing.assert_array_equal(
        run(content, content, space=space, strength=0.5, style_space=space)[..., 3], content[..., 3]
    )


def test_colours_that_srgb_lacks_stay_outside_it(run, small) -> None:
    content = small["coffee"].astype(np.uint16) * 257
    content[:20, :, 1] = 65535
    content[:20, :, ::2] = 0
    result = run(content, small["chelsea"], space=ADOBE, strength=0.3, keep_luminance=True)
    assert in_srgb(result, ADOBE)[:20, :, 0].min() < -0.2


def gradient(low: tuple[float, ...], high: tuple[float, ...], height: int = 96, width: int = 1024) -> np.ndarray:
    share = np.linspace(0, 1, width)[:, None]
    row = np.rint((np.array(low) * (1 - share) + np.array(high) * share) * 65535).astype(np.uint16)
    return np.broadcast_to(row, (height, width, 3)).copy()


@pytest.mark.parametrize("finish", FINISHES)
@pytest.mark.parametrize(
    ("low", "high"), [((0, 0, 0), (1, 1, 1)), ((0.35, 0.5, 0.8), (0.65, 0.8, 0.95)), ((0, 0, 0), (0.1, 0.1, 0.1))]
)
def test_a_gradient_in_its_own_style_has_no_bands(run, finish: str, low: tuple, high: tuple) -> None:
    content = gradient(low, high)
    result = run(content, content.copy(), method="rest", finish=finish).astype(int)
    assert np.abs(result - content).max() <= 4
    assert np.diff(result, axis=1).min() >= 0


@pytest.mark.parametrize("finish", FINISHES)
def test_a_gradient_in_another_style_stays_smooth(run, small, finish: str) -> None:
    """Monotone, and nowhere steeper than a few times its neighbourhood: no steps."""
    content = gradient((0.2, 0.3, 0.5), (0.6, 0.7, 0.8))
    result = run(content, small["coffee"], finish=finish).astype(int)
    steps = np.diff(result[48], axis=0)
    assert (np.sign(steps).min(0) * np.sign(steps).max(0) >= 0).all()
    assert np.unique(result[48, :, 1]).size > 900
