"""Measure methods on a folder of masked pairs: ``python -m photostyle.evaluation.pairs --help``."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from photostyle.evaluation.measures.region_color import region_color_distance
from photostyle.evaluation.measures.ssim_volume import ssim_volume
from photostyle.imaging.picture import Picture
from photostyle.imaging.reading import read_picture
from photostyle.imaging.regions import read_regions
from photostyle.imaging.sheet import SheetRow, contact_sheet
from photostyle.imaging.writing import write_picture
from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.pixels import to_rgb, to_weight
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle_protocol.request import Settings

_CPU = torch.device("cpu")
_ROWS_ON_A_SHEET = 7


class Pair(NamedTuple):
    """A content and a style photograph and the regions that correspond."""

    name: str
    content: Pixels
    style: Pixels
    regions: list[tuple[Pixels, Pixels]]


class Measured(NamedTuple):
    """What one method made of one pair.

    Attributes:
        result: The picture.
        ssim: To the content, see `ssim_volume`.
        color: To the style, see `region_color_distance`.
        seconds: CPU time of the process.
    """

    result: Pixels
    ssim: float
    color: float
    seconds: float


def _order(path: Path) -> tuple[int, str]:
    return (int(path.stem) if path.stem.isdigit() else 0, path.stem)


def read_pairs(folder: Path) -> Iterator[Pair]:
    """Pairs of a folder with content, style, content_segmentation and style_segmentation, matched by file name."""
    for path in sorted((folder / "content").iterdir(), key=_order):
        content, style = (_rgb(folder / kind / path.name) for kind in ("content", "style"))
        on_content, on_style = (folder / f"{kind}_segmentation" / path.name for kind in ("content", "style"))
        yield Pair(path.stem, content, style, read_regions(on_content, on_style, content, style))


def _rgb(path: Path) -> Pixels:
    pixels = read_picture(path).pixels
    return pixels[..., :3] if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)


def _weights(masks: Sequence[tuple[Pixels, Pixels]]) -> list[tuple[Tensor, Tensor]]:
    return [(to_weight(on_content, _CPU), to_weight(on_style, _CPU)) for on_content, on_style in masks]


def measure(pair: Pair, settings: Settings, engine: Engine) -> Measured:
    """Run a method on a pair with its regions and measure the result."""
    regions = tuple(RegionPixels(pair.style, on_content, on_style) for on_content, on_style in pair.regions)
    start = time.process_time()
    result = stylize(StylizeTask(pair.content, regions, None, settings), lambda _fraction, _stage: None, engine)
    seconds = time.process_time() - start
    content, style, output = (to_rgb(p, _CPU) for p in (pair.content, pair.style, result))
    color = region_color_distance(output, style, _weights(pair.regions))
    return Measured(result, ssim_volume(output, content), color, seconds)


def table(names: Sequence[str], measured: Sequence[Sequence[Measured]]) -> str:
    """Means over the pairs as Markdown, a line for each method."""
    lines = ["| method | SSIM | region colour distance | CPU-s |", "| --- | --- | --- | --- |"]
    for index, name in enumerate(names):
        mean = [float(np.mean([row[index][field] for row in measured])) for field in (1, 2, 3)]
        lines.append(f"| {name} | {mean[0]:.4f} | {mean[1]:.4f} | {mean[2]:.2f} |")
    return "\n".join(lines)


def _sheet_row(pair: Pair, row: Sequence[Measured]) -> SheetRow:
    figures = "   ".join(f"SSIM {m.ssim:.3f}, colour {m.color:.3f}" for m in row)
    return SheetRow(
        [Picture(p) for p in (pair.content, pair.style, *(m.result for m in row))], f"{pair.name}   {figures}"
    )


def _settings(text: str) -> Settings:
    """``rest`` or ``rest:form=paper`` or ``rest@none`` (a finish), as on the command line below."""
    method, _, finish = text.partition("@")
    method, _, option = method.partition(":")
    name, _, value = option.partition("=")
    return Settings(method, finish=finish or "auto", options={name: value} if option else {})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m photostyle.evaluation.pairs", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds content, style and their _segmentation folders")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder for the table and the sheets")
    parser.add_argument(
        "--methods", nargs="+", default=["monge-kantorovich", "rest"], help="name[:option=value][@finish]"
    )
    return parser.parse_args()


def main() -> None:
    """Measure, write ``table.md`` and ``sheet-N.png``."""
    arguments = _arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    engine = Engine.load()
    headings = ("Content", "Style", *arguments.methods)
    measured: list[list[Measured]] = []
    rows: list[SheetRow] = []
    for pair in read_pairs(arguments.folder):
        measured.append([measure(pair, _settings(text), engine) for text in arguments.methods])
        rows.append(_sheet_row(pair, measured[-1]))
        print(rows[-1].caption, flush=True)
    for number, first in enumerate(range(0, len(rows), _ROWS_ON_A_SHEET)):
        sheet = contact_sheet(rows[first : first + _ROWS_ON_A_SHEET], headings)
        write_picture(arguments.out / f"sheet-{number + 1}.png", sheet)
    (arguments.out / "table.md").write_text(table(arguments.methods, measured) + "\n", encoding="utf-8")
    print(table(arguments.methods, measured))


if __name__ == "__main__":
    main()
