"""Where memory runs out, a smaller copy does, or the CPU, and the person hears of it."""

from __future__ import annotations

import gc
import weakref
from typing import NamedTuple

import numpy as np
import pytest
import torch

from photostyle.machine.memory import Room
from photostyle.methods import registry
from photostyle.stylize import fallback
from photostyle.stylize.canvas import ArrayCanvas
from photostyle.stylize.engine import Engine
from photostyle.stylize.estimate import needed
from photostyle.stylize.fallback import SMALLER, draw_within_memory
from photostyle.stylize.out_of_memory import is_out_of_memory
from photostyle.stylize.proxy import PROXY_PIXELS, proxy_size
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle_protocol.errors import BadOptionError, ResourceError
from photostyle_protocol.outcome import Notice
from photostyle_protocol.progress import unfollowed
from photostyle_protocol.request import Settings
from support.methods import Hungry, add_method

HEIGHT, WIDTH = 900, 1200
SIZES = [proxy_size(HEIGHT, WIDTH, PROXY_PIXELS // SMALLER**step) for step in range(3)]


class Outcome(NamedTuple):
    pixels: Pixels
    notices: tuple[Notice, ...]


@pytest.fixture
def content() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)


@pytest.fixture
def hungry(monkeypatch: pytest.MonkeyPatch, content: np.ndarray):
    add_method(monkeypatch, Hungry)
    monkeypatch.setattr(Hungry, "asked", [])

    def run(times: int, finish: str = "auto", setbacks: int = 0, engine: Engine | None = None) -> Outcome:
        canvas = ArrayCanvas.like(content)
        settings = Settings("hungry", finish=finish, options={"times": times})
        task = StylizeTask(content, (RegionPixels(content[:50, :50]),), None, settings)
        notices = draw_within_memory(task, canvas, unfollowed, engine or Engine.load("cpu"), setbacks)
        return Outcome(canvas.pixels, notices)

    return run


def test_enough_memory_is_no_news(hungry) -> None:
    assert hungry(0).notices == ()
    assert Hungry.asked == SIZES[:1]


def test_a_smaller_copy_does(hungry, content: np.ndarray) -> None:
    outcome = hungry(1)
    assert Hungry.asked == SIZES[:2]
    (notice,) = outcome.notices
    assert notice.code == "smaller"
    assert f"{SIZES[1][1]} × {SIZES[1][0]} pixels" in notice.message
    assert outcome.pixels.shape == content.shape


def test_the_raw_output_gets_a_finish_where_it_must_be_smaller(hungry, content: np.ndarray) -> None:
    outcome = hungry(1, "none")
    assert Hungry.asked == [(HEIGHT, WIDTH), SIZES[0]]
    assert outcome.pixels.shape == content.shape
    assert [notice.code for notice in outcome.notices] == ["smaller"]


def test_no_memory_at_all_is_said_with_numbers(hungry) -> None:
    words = rf"{SIZES[2][1]} × {SIZES[2][0]} pixels. This machine has \d+\.\d of \d+\.\d GiB of memory free"
    with pytest.raises(ResourceError, match=words):
        hungry(1000)
    assert Hungry.asked == SIZES


def with_free(monkeypatch: pytest.MonkeyPatch, free: float) -> None:
    """So many GiB of 16 are free."""
    monkeypatch.setattr(fallback, "room_of", lambda device: Room(int(free * 2**30), 16 * 2**30))


def test_what_cannot_fit_is_not_tried(hungry, monkeypatch: pytest.MonkeyPatch) -> None:
    with_free(monkeypatch, 0.6)
    monkeypatch.setattr(fallback, "needed", lambda task, method, pixels: pixels * 1000)
    assert hungry(0).notices == ()
    monkeypatch.setattr(fallback, "needed", lambda task, method, pixels: pixels * 2000)
    assert [notice.code for notice in hungry(0).notices] == ["smaller"]
    assert Hungry.asked == SIZES[:2]


def test_too_much_for_the_machine_is_refused_with_numbers(hungry, monkeypatch: pytest.MonkeyPatch) -> None:
    with_free(monkeypatch, 0.06)
    words = (
        r"not even on a copy of \d+ × \d+ pixels. It needs about 0\.[1-9] GiB of memory, and 0\.1 of 16\.0 GiB are free"
    )
    with pytest.raises(ResourceError, match=words):
        hungry(0)
    assert Hungry.asked == []


@pytest.mark.parametrize("megapixels", [6, 600])
@pytest.mark.parametrize("finish", ["grid", "none"])
@pytest.mark.parametrize("name", ["rest", "monge-kantorovich", "gatys", "hires"])
def test_the_estimate_knows_what_grows(name: str, finish: str, megapixels: int) -> None:
    """A panorama needs what a photograph needs, but for the raw output of what cannot be tiled."""
    content = np.broadcast_to(np.uint8(0), (megapixels * 500, 2000, 3))
    task = StylizeTask(content, (RegionPixels(content[:9, :9]),), None, Settings(name, finish=finish))
    need = needed(task, registry.load(name), PROXY_PIXELS) / 2**30
    if finish == "none" and name in ("gatys", "hires"):
        assert need > megapixels / 6
    else:
        assert 0.1 < need < 4


@pytest.mark.parametrize("name", ["gatys", "multistage", "hires"])
def test_the_estimate_knows_at_which_size_is_learned(name: str) -> None:
    content = np.broadcast_to(np.uint8(0), (1000, 2000, 3))
    regions, method = (RegionPixels(content),), registry.load(name)
    tasks = (StylizeTask(content, regions, None, Settings(name, options={"size": size})) for size in (128, 1024))
    small, large = (needed(task, method, 1 << 19) for task in tasks)
    assert large > small + 200 * 2**20


def test_a_process_that_died_of_it_begins_smaller(hungry) -> None:
    assert [notice.code for notice in hungry(0, setbacks=1).notices] == ["smaller"]
    assert hungry(0, setbacks=9).notices
    assert Hungry.asked == SIZES[1:]


def test_another_error_is_not_tried_again(hungry) -> None:
    with pytest.raises(BadOptionError):
        hungry(-1)
    assert Hungry.asked == []


class WithGpu(Engine):
    """No machine of the tests need have a GPU: this engine only says that it is one's."""

    has_gpu = True


@pytest.mark.parametrize(("times", "codes"), [(1, ["smaller"]), (2, ["cpu"]), (3, ["cpu", "smaller"]), (4, None)])
def test_with_a_gpu_the_cpu_comes_after_a_smaller_copy(hungry, times: int, codes: list[str] | None) -> None:
    engine = WithGpu(torch.device("cpu"))
    if codes is None:
        with pytest.raises(ResourceError):
            hungry(times, engine=engine)
    else:
        assert [notice.code for notice in hungry(times, engine=engine).notices] == codes
    assert Hungry.asked == (SIZES[:2] * 2)[: times + 1]
    assert engine.on_cpu() is not engine


def test_a_failed_try_gives_its_memory_back() -> None:
    engine = Engine.load("cpu")
    held = weakref.ref(engine.method("monge-kantorovich"))
    engine.release()
    gc.collect()
    assert held() is None


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("Tried to allocate 20.00 GiB."),
        RuntimeError("CUDA error: out of memory"),
        RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)."),
    ],
)
def test_what_running_out_of_memory_looks_like(error: Exception) -> None:
    assert is_out_of_memory(error)


def test_what_it_looks_like_on_the_cpu() -> None:
    with pytest.raises((RuntimeError, MemoryError)) as caught:
        torch.zeros(2**60, dtype=torch.uint8)
    assert is_out_of_memory(caught.value)
    assert not is_out_of_memory(RuntimeError("CUDA error: an illegal memory access was encountered"))
    assert not is_out_of_memory(ValueError("a wrong turn"))
