"""Colour-coded region maps: the same colour in the content's and the style's map is the same region."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ImageColor

from photostyle.imaging.pixels import has_alpha, is_grey, size_text
from photostyle.imaging.reading import read_picture
from photostyle.stylize.task import Pixels
from photostyle_protocol.errors import BadMaskError, BadOptionError

Mask = NDArray[np.uint8]
Rgb = NDArray[np.uint8]

_APART = 64.0
"""Two colours of one map are at least this far apart (Euclidean, 0–441): half of a 128 step."""

_FLAT = 12
"""Levels per channel by which a pixel inside a region, not on a border, may differ from its neighbours."""

_SMALLEST = 0.001
"""A colour that fills less of both maps than this is dirt."""

_NEAR = 24.0
_CONCENTRATED = 0.75
"""In a map of regions at least this share of the inside lies within `_NEAR` of a main colour."""

_REACH = 4
"""How far, in pixels, a border pixel looks for the regions that it may belong to."""

_TOLERANCE = 2
"""Pixels by which a map's side may differ from its photograph's."""

_SAMPLES = 1_000_000


def read_regions(content_map: Path, style_map: Path, content: Pixels, style: Pixels) -> list[tuple[Mask, Mask]]:
    """Read two region maps and split them; see `split_regions`.

    Raises:
        BadImageError: A file is no picture.
        BadMaskError: A map does not have its photograph's size (two pixels are forgiven), or see there.
    """
    return split_regions(
        _fitted(content_map, read_picture(content_map).pixels, content),
        _fitted(style_map, read_picture(style_map).pixels, style),
    )


def read_painted(path: Path, photograph: Pixels, colours: Sequence[str]) -> list[Mask]:
    """Read one region map and find where some of its colours lie.

    Args:
        path: The map.
        photograph: Whose regions it shows.
        colours: As people write them: ``blue``, ``#0000ff`` or ``0000ff``.

    Returns:
        (H, W) masks of 0–255.

    Raises:
        BadImageError: The file is no picture.
        BadOptionError: A word is no colour.
        BadMaskError: The map does not have its photograph's size, is no map, or has no region of a colour; or two
            words mean the same region.
    """
    palette, masks = _painted(_fitted(path, read_picture(path).pixels, photograph))
    numbers = [_number_of(colour, palette, path) for colour in colours]
    for colour, number in zip(colours, numbers, strict=True):
        if numbers.count(number) > 1:
            raise BadMaskError(
                f"The colour {colour} means a region of {path} that is named twice.", "Name each region once."
            )
    return [masks[number] for number in numbers]


def split_regions(content_map: Pixels, style_map: Pixels) -> list[tuple[Mask, Mask]]:
    """Find the colours that both maps share and where each lies.

    Main colours are found over both maps together, away from their smooth borders; each pixel then goes to
    the nearest of the main colours around it. A colour in one map only has no partner and is left out. Grey
    maps with a wide range of values are soft masks instead: their white and their black are two regions.

    Args:
        content_map: (H, W) or (H, W, C), any depth; transparent pixels count as black.
        style_map: (h, w) or (h, w, C).

    Returns:
        For each shared region, largest in the content first, its (H, W) and (h, w) masks of 0–255. No pixel
        belongs to more than 255 in sum.

    Raises:
        BadMaskError: No colour is in both maps, or the maps are photographs rather than flat colours.
    """
    maps = [_as_rgb(content_map), _as_rgb(style_map)]
    insides = [_inside(rgb) for rgb in maps]
    samples = [_sampled(rgb, inside) for rgb, inside in zip(maps, insides, strict=True)]
    palette = _palette(samples)
    concentrated = min(_concentration(sample, palette.colours) for sample in samples) >= _CONCENTRATED
    if not concentrated and all(map(_looks_grey, maps)):
        return _soft_pairs(maps)
    if not concentrated:
        raise _too_many_colours()
    labels = [_labels(rgb, inside, palette.colours) for rgb, inside in zip(maps, insides, strict=True)]
    return _hard_pairs(labels, palette)


@dataclass(frozen=True)
class _Palette:
    """Main colours (K, 3) as float32 and the share of each of N maps, (N, K), that they fill."""

    colours: NDArray[np.float32]
    shares: NDArray[np.float64]

    def names(self, side: int) -> str:
        """The colours of one map the way people write them."""
        found = self.colours[self.shares[side] >= _SMALLEST].round().astype(int)
        return ", ".join("#" + "".join(f"{value:02x}" for value in colour) for colour in found)


def _too_many_colours() -> BadMaskError:
    return BadMaskError(
        "The region maps have too many colours to tell regions apart.",
        "Paint each region in one flat colour, the same in both maps.",
    )


def _painted(pixels: Pixels) -> tuple[_Palette, list[Mask]]:
    """The colours of one map and where each lies; of a soft grey map, white and black."""
    rgb = _as_rgb(pixels)
    inside = _inside(rgb)
    sample = _sampled(rgb, inside)
    palette = _palette([sample])
    if _concentration(sample, palette.colours) >= _CONCENTRATED:
        labels = _labels(rgb, inside, palette.colours)
        return palette, [_mask_of(labels, k) for k in range(len(palette.colours))]
    if not _looks_grey(rgb):
        raise _too_many_colours()
    grey = rgb[..., 1].copy()
    white_and_black = np.array([[255] * 3, [0] * 3], np.float32)
    return _Palette(white_and_black, np.array([[grey.mean(), (255 - grey).mean()]]) / 255), [grey, 255 - grey]


def _number_of(word: str, palette: _Palette, path: Path) -> int:
    distances = np.linalg.norm(palette.colours - _colour(word), axis=1)
    number = int(distances.argmin())
    if distances[number] >= _APART:
        raise BadMaskError(f"The region map {path} has no {word}.", f"It has: {palette.names(0)}.")
    return number


def _colour(word: str) -> NDArray[np.float32]:
    for written in (word, f"#{word}"):
        with contextlib.suppress(ValueError):
            return np.array(ImageColor.getrgb(written)[:3], np.float32)
    raise BadOptionError(f"{word!r} is no colour.", "Write a name such as blue, or #0000ff.")


def _fitted(path: Path, pixels: Pixels, photograph: Pixels) -> Pixels:
    height, width = photograph.shape[:2]
    off = max(abs(pixels.shape[0] - height), abs(pixels.shape[1] - width))
    if off > _TOLERANCE:
        raise BadMaskError(
            f"The region map {path} is {size_text(pixels)} pixels, its picture is {size_text(photograph)}.",
            "Export the map at the picture's own size.",
        )
    if off == 0:
        return pixels
    return pixels[_nearest(pixels.shape[0], height)][:, _nearest(pixels.shape[1], width)]


def _nearest(old: int, new: int) -> NDArray[np.intp]:
    return ((np.arange(new) + 0.5) * old / new).astype(np.intp)


def _as_rgb(pixels: Pixels) -> Rgb:
    """(H, W, 3) uint8; transparent pixels are black."""
    eight = _eight_bits(pixels)
    if has_alpha(eight):
        eight = np.where(eight[..., -1:] >= 128, eight[..., :-1], np.uint8(0))
    if is_grey(eight):
        eight = np.repeat(eight.reshape(*eight.shape[:2], 1), 3, axis=2)
    return eight


def _eight_bits(pixels: Pixels) -> Rgb:
    if pixels.dtype == np.uint8:
        return pixels
    if pixels.dtype == np.uint16:
        return (pixels >> 8).astype(np.uint8)
    return (np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8)


def _inside(rgb: Rgb) -> NDArray[np.bool_]:
    """(H, W): pixels away from borders; where a map has no such pixel, all of them."""
    inside = np.ones(rgb.shape[:2], np.bool_)
    for axis in (0, 1):
        before, after = _shifted(rgb, axis, 1)
        red, green, blue = np.moveaxis(np.maximum(before, after) - np.minimum(before, after) > _FLAT, 2, 0)
        steep = red | green | blue
        kept_before, kept_after = _shifted(inside, axis, 1)
        kept_before &= ~steep
        kept_after &= ~steep
    return inside if inside.any() else np.ones_like(inside)


def _shifted(array: NDArray[np.generic], axis: int, by: int) -> tuple[Pixels, Pixels]:
    """Two views: all but the last `by` along the axis, and all but the first."""
    if axis == 0:
        return array[:-by], array[by:]
    return array[:, :-by], array[:, by:]


def _sampled(rgb: Rgb, inside: NDArray[np.bool_]) -> Rgb:
    """(N, 3): colours from the inside, on a grid that is coarser for larger maps."""
    step = max(1, round((inside.size / _SAMPLES) ** 0.5))
    coarse = inside[::step, ::step]
    return rgb[::step, ::step][coarse] if coarse.any() else rgb[inside]


def _palette(samples: Sequence[Rgb]) -> _Palette:
    """Take the commonest colour, give it all that is close, and go on with what is left."""
    means, shares = _histogram(samples)
    colours, filled = [], []
    left = np.ones(len(means), np.bool_)
    while left.any():
        top = np.argmax(np.where(left, shares.max(axis=0), -1))
        close = left & (np.linalg.norm(means - means[top], axis=1) < _APART)
        left &= ~close
        colours.append(means[top])
        filled.append(shares[:, close].sum(axis=1))
    found = _Palette(np.asarray(colours, np.float32), np.asarray(filled).T)
    real = found.shares.max(axis=0) >= _SMALLEST
    return _Palette(found.colours[real], found.shares[:, real])


def _histogram(samples: Sequence[Rgb]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean colours (N, 3) of the occupied bins of 8 levels a side, and the shares of each map, a row for each."""
    bins = [_bin_of(sample) for sample in samples]
    counts = np.stack([np.bincount(index, minlength=32**3) for index in bins])
    index, colours = np.concatenate(bins), np.concatenate(samples)
    sums = np.stack([np.bincount(index, colours[:, c], minlength=32**3) for c in range(3)], axis=1)
    used = counts.sum(axis=0) > 0
    return sums[used] / counts.sum(axis=0)[used, None], counts[:, used] / counts.sum(axis=1, keepdims=True)


def _bin_of(colours: Rgb) -> NDArray[np.uint16]:
    five = (colours >> 3).astype(np.uint16)
    return np.asarray((five[..., 0] << 10) | (five[..., 1] << 5) | five[..., 2], np.uint16)


def _concentration(sample: Rgb, colours: NDArray[np.float32]) -> float:
    """The share of a map's inside that is close to a main colour."""
    return float(_is_close(colours)[_bin_of(sample)].mean())


def _is_close(colours: NDArray[np.float32]) -> NDArray[np.bool_]:
    return np.asarray(_bin_distances(colours).min(axis=1) <= _NEAR)


def _bin_distances(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    """(32768, K): from the middle of every bin to every main colour."""
    index = np.arange(32**3)
    middles = np.stack([index >> 10, (index >> 5) & 31, index & 31], axis=1) * 8 + 3.5
    return np.asarray(np.linalg.norm(middles[:, None] - colours[None], axis=2), np.float32)


def _labels(rgb: Rgb, inside: NDArray[np.bool_], colours: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(H, W): the number of each pixel's main colour.

    A border between black and white passes through grey; where grey is a region as well, nearest colour
    alone would draw a thin line of it. So a border pixel chooses only among the regions around it.
    """
    labels: NDArray[np.uint8] = _bin_distances(colours).argmin(axis=1).astype(np.uint8)[_bin_of(rgb)]
    border = np.nonzero(~inside)
    around = _labels_around(np.where(inside, labels, np.uint8(len(colours))), border, len(colours))
    seen = rgb[border].astype(np.float32)
    distance = np.stack([np.linalg.norm(seen - colour, axis=1) for colour in colours], axis=1)
    choice = np.where(around, distance, np.inf).argmin(axis=1)
    labels[border] = np.where(around.any(axis=1), choice, labels[border])
    return labels


def _labels_around(labels: NDArray[np.uint8], places: tuple[NDArray[np.intp], ...], count: int) -> NDArray[np.bool_]:
    """(N, count): which labels lie within `_REACH` pixels of each of N places; `count` itself is no label."""
    padded = np.pad(labels, _REACH, constant_values=count)
    rows, columns = places
    at = np.arange(len(rows))
    found = np.zeros((len(rows), count + 1), np.bool_)
    window = range(2 * _REACH + 1)
    for down, right in itertools.product(window, window):
        found[at, padded[rows + down, columns + right]] = True
    return found[:, :count]


def _hard_pairs(labels: Sequence[NDArray[np.uint8]], palette: _Palette) -> list[tuple[Mask, Mask]]:
    shared = np.flatnonzero(palette.shares.min(axis=0) >= _SMALLEST)
    if len(shared) == 0:
        raise BadMaskError(
            f"The region maps have no colour in common ({palette.names(0)} in the content's, "
            f"{palette.names(1)} in the style's).",
            "Paint regions that belong together in the same colour.",
        )
    by_size = shared[np.argsort(-palette.shares[0, shared], kind="stable")]
    return [(_mask_of(labels[0], k), _mask_of(labels[1], k)) for k in by_size]


def _mask_of(labels: NDArray[np.uint8], label: int) -> Mask:
    return np.asarray((labels == label) * np.uint8(255), np.uint8)


def _looks_grey(rgb: Rgb) -> bool:
    return bool((np.ptp(rgb, axis=2) <= _FLAT).all())


def _soft_pairs(maps: Sequence[Rgb]) -> list[tuple[Mask, Mask]]:
    white = (maps[0][..., 1].copy(), maps[1][..., 1].copy())
    black = (255 - white[0], 255 - white[1])
    pairs = [pair for pair in (white, black) if pair[0].any() and pair[1].any()]
    return sorted(pairs, key=lambda pair: -float(pair[0].mean()))
