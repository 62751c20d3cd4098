"""Results that are drawn strip by strip: over the content's own memory, and in narrow strips where memory is short."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from photostyle.stylize import pipeline
from photostyle.stylize.canvas import ArrayCanvas
from photostyle.stylize.composition import Composition
from photostyle.stylize.engine import Engine
from photostyle.stylize.fallback import draw_within_memory
from photostyle.stylize.pipeline import draw, stylize
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle_protocol.errors import ResourceError
from photostyle_protocol.progress import unfollowed
from photostyle_protocol.request import Settings


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photostyle.stylize.strips.STRIP_PIXELS", 700)


@pytest.fixture
def task(small) -> StylizeTask:
    settings = Settings("rest", strength=0.8, options={"residual": 0.0})
    mask = np.linspace(0, 255, small["coffee"][..., 0].size).astype(np.uint8).reshape(small["coffee"].shape[:2])
    return StylizeTask(small["coffee"].copy(), (RegionPixels(small["chelsea"]),), mask, settings)


@pytest.mark.usefixtures("narrow")
def test_drawn_over_its_own_content(task: StylizeTask, engine: Engine) -> None:
    apart = stylize(task, unfollowed, engine)
    canvas = ArrayCanvas.over(task.content)
    draw(task, canvas, unfollowed, engine)
    assert canvas.pixels is task.content
    assert np.array_equal(task.content, apart)


def test_what_may_not_be_written_is_kept(small) -> None:
    content = small["coffee"].copy()
    content.flags.writeable = False
    assert ArrayCanvas.over(content).pixels is not content


class Short:
    """Memory for so many rows at a time."""

    def __init__(self, rows: int) -> None:
        self.rows, self.asked = rows, []
        self.plain = Composition.begin

    def begin(self, composition: Composition, rows: slice) -> Callable[[], Pixels]:
        self.asked.append(rows)
        if rows.stop - rows.start > self.rows:
            raise MemoryError
        return self.plain(composition, rows)


def short_of_memory(monkeypatch: pytest.MonkeyPatch, rows: int) -> Short:
    short = Short(rows)

    def begin(composition: Composition, rows: slice) -> Callable[[], Pixels]:
        return short.begin(composition, rows)

    monkeypatch.setattr(pipeline.Composition, "begin", begin)
    return short


def test_narrower_strips_where_memory_is_short(
    task: StylizeTask, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    enough = stylize(task, unfollowed, engine)
    short = short_of_memory(monkeypatch, 3)
    canvas = ArrayCanvas.like(task.content)
    assert draw_within_memory(task, canvas, unfollowed, engine) == ()
    assert np.array_equal(canvas.pixels, enough)
    assert len(short.asked) > len(task.content) / 3


def test_a_drawing_that_has_begun_does_not_begin_again(
    task: StylizeTask, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was drawn over cannot be read once more: the job ends with a sentence."""
    short = short_of_memory(monkeypatch, 1)
    canvas = ArrayCanvas.over(task.content)

    def add(strip: Pixels) -> None:
        ArrayCanvas.add(canvas, strip)
        short.rows = 0

    monkeypatch.setattr(canvas, "add", add)
    with pytest.raises(ResourceError):
        draw_within_memory(task, canvas, unfollowed, engine)
    assert canvas.is_touched
    assert len([rows for rows in short.asked if rows.start == 0 and rows.stop == len(task.content)]) == 1


@pytest.mark.parametrize("finish", ["grid", "guided"])
def test_no_seam_between_strips(small, engine: Engine, monkeypatch: pytest.MonkeyPatch, finish: str) -> None:
    """A finish of a small copy, put on in strips of four rows and on everything at once."""
    task = StylizeTask(
        small["coffee"].astype(np.float32) / 255,
        (RegionPixels(small["chelsea"]),),
        None,
        Settings("rest", finish=finish),
    )
    results = []
    for pixels in (400, 1 << 20):
        monkeypatch.setattr("photostyle.stylize.strips.STRIP_PIXELS", pixels)
        canvas = ArrayCanvas.like(task.content)
        draw(task, canvas, unfollowed, engine, 2000)
        results.append(canvas.pixels)
    assert np.abs(results[0] - results[1]).max() <= 1e-5
    assert np.abs(results[0] - task.content).max() > 0.02
