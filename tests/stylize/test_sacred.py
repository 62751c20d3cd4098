"""What must never change: alpha, everything outside the mask, shape and type."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photostyle.methods import registry
from photostyle.stylize.task import PIXEL_TYPES, Pixels
from photostyle_protocol.request import Settings

SIZES = [(1, 1), (1, 2), (2, 1), (1, 97), (97, 1), (3, 5), (31, 33), (64, 64)]
METHODS = registry.names()


def full(dtype: type) -> float:
    return 1.0 if np.dtype(dtype).kind == "f" else float(np.iinfo(dtype).max)


def noise(seed: int, shape: tuple[int, ...], dtype: type) -> Pixels:
    """Any values of the type; floats between -1 and 3."""
    random = np.random.default_rng(seed)
    if np.dtype(dtype).kind == "f":
        return random.uniform(-1, 3, shape).astype(dtype)
    return random.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


def bits(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels).view(f"u{pixels.dtype.itemsize}")


def has_alpha(pixels: Pixels) -> bool:
    return pixels.ndim == 3 and pixels.shape[2] in (2, 4)


@st.composite
def jobs(draw: st.DrawFn) -> tuple[Pixels, Pixels, Pixels, Settings]:
    dtype, mask_type = draw(st.sampled_from(PIXEL_TYPES)), draw(st.sampled_from(PIXEL_TYPES))
    size = draw(st.tuples(st.integers(1, 40), st.integers(1, 40)))
    channels = draw(st.sampled_from([(), (1,), (2,), (3,), (4,)]))
    seed = draw(st.integers(0, 1000))
    content = noise(seed, (*size, *channels), dtype)
    style = noise(seed + 1, (draw(st.integers(1, 20)), 9, draw(st.integers(1, 4))), draw(st.sampled_from(PIXEL_TYPES)))
    values = draw(st.lists(st.sampled_from([0.0, 0.0, 0.3, 1.0]), min_size=1, max_size=12))
    mask = (np.resize(np.array(values), size) * full(mask_type)).astype(mask_type)
    wanted = Settings(
        draw(st.sampled_from(METHODS)),
        strength=draw(st.sampled_from([0.0, 0.4, 1.0])),
        keep_luminance=draw(st.booleans()),
        finish=draw(st.sampled_from(["auto", "grid", "guided", "none"])),
        regions=draw(st.sampled_from(["given", "auto"])),
    )
    return content, style, mask, wanted


@given(jobs())
@settings(max_examples=150, deadline=None)
def test_alpha_and_what_is_outside_the_mask_stay_to_the_bit(run, job: tuple[Pixels, Pixels, Pixels, Settings]) -> None:
    content, style, mask, wanted = job
    before = content.copy()
    result = run(content, style, mask=mask, **vars(wanted))
    assert (result.shape, result.dtype) == (content.shape, content.dtype)
    assert result.flags.c_contiguous
    assert result.flags.writeable
    assert not np.shares_memory(result, content)
    np.testing.assert_array_equal(bits(content), bits(before))
    np.testing.assert_array_equal(bits(result)[mask == 0], bits(content)[mask == 0])
    assert np.isfinite(result).all()
    if has_alpha(content):
        np.testing.assert_array_equal(bits(result)[..., -1], bits(content)[..., -1])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_any_size(run, small, method: str, size: tuple[int, int]) -> None:
    content = np.resize(small["coffee"], (*size, 3))
    for finish in ("grid", "guided", "none"):
        result = run(content, small["chelsea"], method=method, finish=finish)
        assert (result.shape, result.dtype) == (content.shape, content.dtype)
    assert run(small["chelsea"], content, method=method).shape == small["chelsea"].shape


@pytest.mark.parametrize("dtype", PIXEL_TYPES)
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_every_type_sees_the_same_look(run, small, dtype: type, channels: int) -> None:
    reference = run(small["coffee"], small["rocket"]).astype(float) / 255
    content = (small["coffee"] / 255 * full(dtype)).astype(dtype)
    if channels < 3:
        content = content[..., 1:2]
        reference = run(small["coffee"][..., 1:2], small["rocket"]).astype(float) / 255
    if channels % 2 == 0:
        content = np.concatenate([content, np.full_like(content[..., :1], full(dtype))], axis=2)
    result = run(content, small["rocket"])[..., : 1 if channels < 3 else 3].astype(float) / full(dtype)
    assert np.abs(result.clip(0, 1) - reference).mean() < 1.5 / 255


@pytest.mark.parametrize("method", METHODS)
def test_strength_zero_is_the_content(run, small, method: str) -> None:
    result = run(small["coffee"], small["chelsea"], method=method, strength=0.0)
    np.testing.assert_array_equal(result, small["coffee"])
    assert not np.shares_memory(result, small["coffee"])


def test_an_empty_mask_is_the_content(run, small) -> None:
    mask = np.zeros(small["coffee"].shape[:2], np.uint8)
    np.testing.assert_array_equal(run(small["coffee"], small["chelsea"], mask=mask), small["coffee"])


@pytest.mark.parametrize("method", METHODS)
def test_strength_is_monotone_and_even(run, small, method: str) -> None:
    content = small["coffee"]
    looks = [run(content, small["astronaut"], method=method, strength=s).astype(int) for s in (0.25, 0.5, 0.75, 1.0)]
    steps = np.stack([np.abs(look - content) for look in looks])
    assert (np.diff(steps, axis=0) >= -1).all()
    inside = (looks[-1] > 0) & (looks[-1] < 255)
    halfway = (content + looks[-1].astype(float)) / 2
    assert np.abs(looks[1] - halfway)[inside].max() <= 1


def test_a_soft_mask_is_a_proportional_blend(run, small) -> None:
    """Where the mask is a constant half, statistics are those of the whole, so the blend can be compared."""
    content = small["coffee"].astype(np.float32) / 255
    look = run(content, small["astronaut"])
    half = np.full(content.shape[:2], 0.5, np.float32)
    np.testing.assert_allclose(run(content, small["astronaut"], mask=half), (content + look) / 2, atol=1e-4)
    eighth = np.full(content.shape[:2], 32, np.uint8)
    weight = 32 / 255
    np.testing.assert_allclose(
        run(content, small["astronaut"], mask=eighth), content * (1 - weight) + look * weight, atol=1e-4
    )


@pytest.mark.parametrize("method", METHODS)
def test_a_mask_that_does_not_limit_only_counts(run, small, method: str) -> None:
    """An editor's layer mask over such a result shows what the limited result is."""
    content = np.dstack([small["coffee"], np.full(small["coffee"].shape[:2], 200)]).astype(np.float32) / 255
    mask = np.zeros(content.shape[:2], np.uint8)
    mask[10:40, 10:60] = 255
    mask[40:50, 10:60] = 100
    limited = run(content, small["astronaut"], mask=mask, method=method)
    everywhere = run(content, small["astronaut"], mask=mask, method=method, limit_to_mask=False)
    np.testing.assert_array_equal(everywhere[mask == 255], limited[mask == 255])
    assert np.abs(everywhere - content)[mask == 0].mean() > 3 / 255
    np.testing.assert_array_equal(bits(everywhere)[..., 3], bits(content)[..., 3])
    weight = mask[..., None] / 255
    np.testing.assert_allclose(content * (1 - weight) + everywhere * weight, limited, atol=1e-4)
    assert (everywhere != run(content, small["astronaut"], method=method)).any(), "the mask must count"


def test_a_mask_of_nothing_that_does_not_limit(run, small) -> None:
    mask = np.zeros(small["coffee"].shape[:2], np.uint8)
    result = run(small["coffee"], small["chelsea"], mask=mask, limit_to_mask=False)
    np.testing.assert_array_equal(result, run(small["coffee"], small["chelsea"]))


def test_values_beyond_the_range_survive(run, small) -> None:
    content = small["coffee"].astype(np.float32) / 127 - 0.5
    mask = np.ones(content.shape[:2], np.float32)
    mask[:30] = 0
    result = run(content, content, mask=mask)
    np.testing.assert_array_equal(result[:30], content[:30])
    for method in METHODS:
        own = run(content, content, method=method)
        assert own.max() > 1.2, method
        assert own.min() < -0.2, method


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sun", [50.0, 60_000.0])
def test_a_sun_does_not_wash_out_the_rest(run, small, method: str, sun: float) -> None:
    content = small["coffee"].astype(np.float32) / 255
    plain = run(content, small["chelsea"], method=method)
    content[3, 4] = sun
    result = run(content, small["chelsea"], method=method)
    assert np.isfinite(result).all()
    far = np.s_[25:, 25:]
    assert np.abs(result[far] - plain[far]).mean() < 0.03
    assert result[3, 4].mean() > 1


@pytest.mark.parametrize("method", METHODS)
def test_half_floats_never_overflow(run, small, method: str) -> None:
    content = small["coffee"].astype(np.float16) / np.float16(255)
    content[2:4, 2:4] = np.finfo(np.float16).max
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = run(content, small["rocket"], method=method)
        assert np.isfinite(result).all()
        assert np.isfinite(run(small["coffee"], content, method=method)).all()
    assert np.isfinite(run(content * np.float16(0.1) + np.float16(0.4), content, method=method)).all()


def views(pixels: Pixels, file: Path) -> dict[str, Pixels]:
    frozen = pixels.copy()
    frozen.setflags(write=False)
    np.save(file, pixels)
    return {
        "reversed": pixels[::-1, ::-1].copy()[::-1, ::-1],
        "strided": np.repeat(np.repeat(pixels, 2, 0), 3, 1)[::2, ::3],
        "fortran": np.asfortranarray(pixels),
        "read-only": frozen,
        "mapped": np.load(file, mmap_mode="r"),
        "turned": pixels.transpose(1, 0, 2).copy().transpose(1, 0, 2),
    }


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_memory_of_any_layout(run, small, tmp_path, dtype: type) -> None:
    content = (small["coffee"] / (255 if dtype is np.float32 else 1)).astype(dtype)
    style = small["chelsea"]
    wanted = run(content, style, method="rest")
    styles = views(style, tmp_path / "style.npy")
    for name, view in views(content, tmp_path / "content.npy").items():
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            mask = np.broadcast_to(np.uint8(255), view.shape[:2])
            result = run(view, styles[name], mask=mask, method="rest")
        np.testing.assert_array_equal(result, wanted, err_msg=name)
        assert type(result) is np.ndarray, name
        assert result.flags.c_contiguous, name


def test_two_runs_give_the_same_pixels(run, small) -> None:
    for method in METHODS:
        np.testing.assert_array_equal(
            run(small["coffee"], small["rocket"], method=method), run(small["coffee"], small["rocket"], method=method)
        )
