"""Contact sheets: before, style and after side by side, for looking at many results at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from photostyle.imaging.picture import Picture
from photostyle.imaging.pixels import has_alpha
from photostyle.imaging.profiles import into_srgb
from photostyle.stylize.task import Pixels

_PAPER, _INK, _QUIET = (250, 250, 248), (38, 38, 40), (130, 130, 134)
_CHECKER = (232, 208)


@dataclass(frozen=True)
class SheetRow:
    """One row: a picture for each heading, and a quiet line of text below them (may be empty)."""

    pictures: Sequence[Picture]
    caption: str = ""


def contact_sheet(
    rows: Sequence[SheetRow], headings: Sequence[str] = ("Before", "Style", "After"), cell: int = 480
) -> Picture:
    """Lay the rows out under their headings; pictures keep their shapes and are never enlarged.

    Args:
        rows: At least one; each with as many pictures as there are headings.
        headings: One for each column.
        cell: Widest that a picture is on the sheet, in pixels; it is at most three quarters of it high.

    Returns:
        An sRGB picture, (H, W, 3) uint8.
    """
    shown = [[_thumbnail(picture, cell) for picture in row.pictures] for row in rows]
    look = _Look(cell)
    left = look.columns(shown)
    tops = look.rows(rows, shown)
    width = left[-1] + max(row[-1].width for row in shown) + look.margin
    sheet = Image.new("RGB", (width, tops[-1] + look.margin - look.gap), _PAPER)
    pen = ImageDraw.Draw(sheet)
    for x, heading in zip(left, headings, strict=True):
        pen.text((x, tops[0] - look.gap // 2), heading, _INK, look.font, anchor="ls")
    for row, images, y in zip(rows, shown, tops, strict=False):
        _paste_row(sheet, images, left, y)
        below = y + max(image.height for image in images) + look.gap // 2
        pen.text((look.margin, below), row.caption, _QUIET, look.small, anchor="lt")
    return Picture(np.asarray(sheet))


class _Look:
    """Sizes that follow from the size of a cell, and where things lie."""

    def __init__(self, cell: int) -> None:
        text = max(12, cell // 24)
        self.gap = max(8, cell // 32)
        self.margin = 2 * self.gap
        self.font = ImageFont.load_default(text)
        self.small = ImageFont.load_default(max(11, text * 3 // 4))
        self._heading, self._caption = text + self.gap // 2, max(11, text * 3 // 4) + self.gap

    def columns(self, shown: Sequence[Sequence[Image.Image]]) -> list[int]:
        """The left edge of each column."""
        widths = [max(image.width for image in column) for column in zip(*shown, strict=True)]
        return [self.margin + sum(widths[:i]) + i * self.gap for i in range(len(widths))]

    def rows(self, rows: Sequence[SheetRow], shown: Sequence[Sequence[Image.Image]]) -> list[int]:
        """The top edge of each row's pictures, and where the next row would begin."""
        tops = [self.margin + self._heading]
        for row, images in zip(rows, shown, strict=True):
            caption = self._caption if row.caption else 0
            tops.append(tops[-1] + max(image.height for image in images) + caption + self.gap)
        return tops


def _paste_row(sheet: Image.Image, images: Sequence[Image.Image], left: Sequence[int], y: int) -> None:
    for x, image in zip(left, images, strict=True):
        sheet.paste(image, (x, y))


def _thumbnail(picture: Picture, cell: int) -> Image.Image:
    """The picture as people see it: sRGB, eight bits, small, over a checkerboard where it is transparent."""
    image = _image(_displayed(picture.pixels))
    image.thumbnail((cell, cell * 3 // 4), Image.Resampling.LANCZOS, reducing_gap=3.0)
    small = into_srgb(Picture(np.asarray(image), picture.icc_profile)).pixels
    return _image(_over_checker(small) if has_alpha(small) else small).convert("RGB")


def _image(pixels: Pixels) -> Image.Image:
    grey = pixels.ndim == 3 and pixels.shape[2] == 1
    return Image.fromarray(np.ascontiguousarray(pixels[..., 0] if grey else pixels))


def _displayed(pixels: Pixels) -> Pixels:
    if pixels.dtype == np.uint8:
        return pixels
    if pixels.dtype == np.uint16:
        return (pixels >> 8).astype(np.uint8)
    return (np.clip(pixels.astype(np.float32), 0, 1) * 255 + 0.5).astype(np.uint8)


def _over_checker(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    rows, columns = np.ogrid[:height, :width]
    board = np.where((rows // 8 + columns // 8) % 2, *_CHECKER)[..., None]
    alpha = pixels[..., -1:].astype(np.float32) / 255
    return (pixels[..., :-1] * alpha + board * (1 - alpha) + 0.5).astype(np.uint8)
