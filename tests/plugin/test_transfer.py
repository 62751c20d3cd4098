"""Transfers between a small editor in memory and real daemons."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.task import RegionPixels, StylizeTask
from photostyle_plugin.choices import Choices
from photostyle_plugin.errors import LayerChangedError, TargetGoneError
from photostyle_plugin.inputs import Inputs
from photostyle_plugin.session import Session
from photostyle_plugin.stages import notice_text
from photostyle_plugin.transfer import Progress, Transfer
from photostyle_protocol.errors import (
    BadImageError,
    BadMaskError,
    BusyError,
    DaemonUnavailableError,
    JobCancelledError,
    JobFailedError,
    UnknownImageError,
)
from photostyle_protocol.outcome import Notice
from photostyle_protocol.progress import unfollowed
from support.daemon import RunningDaemon, Start
from support.document import ArraySource, Document
from support.editors.backend import Stage, warm_daemon
from support.tensors import thinned
from support.waiting import wait_for

Photographs = Mapping[str, NDArray[np.uint8]]
PIXELS = np.arange(40 * 30 * 3, dtype=np.uint8).reshape(40, 30, 3)


@pytest.fixture
def document() -> Document:
    return Document([PIXELS.copy()])


@pytest.fixture
def inputs(document: Document) -> Inputs:
    return Inputs(ArraySource(document.layers[0]), ArraySource(PIXELS[::2, ::2].copy()))


def run(session: Session, inputs: Inputs, document: Document) -> Transfer:
    transfer = Transfer(session, inputs, document.target())
    fractions = [progress.fraction for progress in transfer.steps()]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    return transfer


def run_until(steps: Iterator[Progress], text: str) -> None:
    """Go on until a step says so; the steps themselves wait."""
    assert any(progress.text == text for progress in steps), f"no step said {text!r}"


def jobs(daemon: RunningDaemon) -> Mapping[str, int]:
    with daemon.connect() as client:
        counts: Mapping[str, int] = client.status()["jobs"]
    return counts


def test_a_layer_comes_above_in_one_undo_step(any_session: Session, inputs: Inputs, document: Document) -> None:
    transfer = run(any_session, inputs, document)
    assert np.array_equal(document.layers[0], PIXELS)
    assert np.array_equal(document.layers[1], 255 - PIXELS)
    assert document.undo == ["Photorealistic Style"]
    assert document.drafts == 0
    assert set(transfer.seconds) == {"read", "send", "compute", "fetch", "write"}
    assert all(seconds > 0 for seconds in transfer.seconds.values())


def test_without_a_pause_a_step_never_waits(session: Session, inputs: Inputs, document: Document) -> None:
    for _ in Transfer(session, inputs, document.target(), pause=0).steps():
        pass
    assert len(document.layers) == 2


def test_what_the_person_should_know_comes_with_the_layer(
    stage: Stage, session: Session, inputs: Inputs, document: Document, tmp_path: Path
) -> None:
    stage.play("die_once", marker=str(tmp_path / "died"))
    assert run(session, inputs, document).remarks == ["Once more."]
    assert run(session, inputs, document).remarks == []


@pytest.mark.parametrize(("code", "word"), [("smaller", "smaller copy"), ("cpu", "on the CPU"), ("new", "In English.")])
def test_notices_in_the_person_s_words(code: str, word: str) -> None:
    assert word in notice_text(Notice(code, "In English."))


def test_pictures_are_sent_once(session: Session, inputs: Inputs, document: Document) -> None:
    run(session, inputs, document)
    content, style = inputs.content, inputs.style
    assert isinstance(content, ArraySource)
    assert isinstance(style, ArraySource)
    assert (content.reads, style.reads) == (2, 2), "once for the name, once to send it"
    run(session, inputs, document)
    assert (content.reads, style.reads) == (3, 3), "the second time the daemon has them"


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (Choices(), "[(40, 30, 3), (40, 30), ((20, 15, 3), None)] limit True linear True"),
        (Choices(limit="mask"), "[(40, 30, 3), (40, 30), ((20, 15, 3), None)] limit False linear True"),
        (Choices(area="layer"), "[(40, 30, 3), None, ((20, 15, 3), None)] limit True linear True"),
        (Choices(style_area="selection"), "[(40, 30, 3), (40, 30), ((20, 15, 3), None)] limit True linear True"),
    ],
)
def test_what_is_asked_for(stage: Stage, session: Session, document: Document, choices: Choices, expected: str) -> None:
    stage.play("describe")
    selection, style_mask = np.zeros((40, 30), np.uint8), np.full((20, 15), 9, np.uint8)
    selection[3, 4] = 1
    style = ArraySource(PIXELS[::2, ::2].copy())
    run(
        session,
        Inputs(ArraySource(document.layers[0]), style, ArraySource(selection), ArraySource(style_mask), choices, True),
        document,
    )
    assert f"shapes {expected}\n" in (stage.daemon.folder / "worker.log").read_text()


@pytest.mark.parametrize("width", [1, 3])
def test_one_row_or_one_pixel(session: Session, width: int) -> None:
    pixels = np.arange(width * 4, dtype=np.uint8).reshape(1, width, 4)
    document = Document([pixels])
    run(session, Inputs(ArraySource(pixels), ArraySource(pixels)), document)
    assert np.array_equal(document.layers[1], 255 - pixels)


def test_a_row_that_is_longer_than_a_band(stage: Stage, session: Session) -> None:
    stage.play("steps", count=1)
    pixels = np.arange(2 * 3_000_000, dtype=np.float32).reshape(2, 3_000_000)
    document = Document([pixels])
    run(session, Inputs(ArraySource(pixels), ArraySource(PIXELS)), document)
    assert np.array_equal(document.layers[1], pixels)


def refused(
    session: Session, inputs: Inputs, document: Document, error: type[Exception], words: str | None = None
) -> None:
    with pytest.raises(error, match=words):
        run(session, inputs, document)
    assert len(document.layers) == 1
    assert document.undo == []
    assert document.drafts == 0


def test_a_selection_of_nothing(session: Session, daemon: RunningDaemon, inputs: Inputs, document: Document) -> None:
    nothing, part = ArraySource(np.zeros((40, 30), np.uint8)), ArraySource(np.ones((20, 15), np.float32))
    refused(session, Inputs(inputs.content, inputs.style, nothing), document, BadMaskError, "no pixel of this layer")
    empty = ArraySource(np.zeros((20, 15), np.float32))
    by_mask = Choices(style_area="selection")
    refused(
        session, Inputs(inputs.content, inputs.style, None, empty, by_mask), document, BadMaskError, "style picture"
    )
    refused(session, Inputs(inputs.content, inputs.style, part), document, BadMaskError, "another size")
    with daemon.connect() as client:
        assert client.status()["store"]["images"] == 0, "nothing was sent"
    run(session, Inputs(inputs.content, inputs.style, nothing, empty, Choices(area="layer")), document)


class Liar(ArraySource):
    """Gives one byte too few."""

    def rows(self, first: int, count: int) -> bytes:
        return super().rows(first, count)[1:]


class Restless(ArraySource):
    """Has other pixels at each reading."""

    def rows(self, first: int, count: int) -> bytes:
        self.pixels[0] += 1
        return super().rows(first, count)


def test_sources_that_are_wrong(session: Session, inputs: Inputs, document: Document) -> None:
    refused(session, Inputs(Liar(PIXELS), inputs.style), document, BadImageError, "3599 bytes .* 3600")
    refused(session, Inputs(Restless(PIXELS.copy()), inputs.style), document, LayerChangedError, "was changed")
    run(session, inputs, document)


@pytest.mark.parametrize("part", ["fail", "die", "memory"])
def test_a_job_that_fails(stage: Stage, session: Session, inputs: Inputs, document: Document, part: str) -> None:
    stage.play(part)
    refused(session, inputs, document, JobFailedError)
    stage.play("invert")
    run(session, inputs, document)


def test_the_image_is_closed_meanwhile(stage: Stage, session: Session, inputs: Inputs, document: Document) -> None:
    steps = Transfer(session, inputs, document.target()).steps()
    run_until(steps, "Writing the layer…")
    document.is_open = False
    with pytest.raises(TargetGoneError):
        list(steps)
    assert (len(document.layers), document.drafts) == (1, 0)


@pytest.mark.parametrize("text", ["Reading the layer…", "Computing the look…", "Writing the layer…"])
def test_closing_the_steps_cancels(
    stage: Stage, any_session: Session, inputs: Inputs, document: Document, text: str
) -> None:
    if text.startswith("Comp"):
        stage.play("steps", count=10_000, seconds=0.01)
    steps = Transfer(any_session, inputs, document.target()).steps()
    run_until(steps, text)
    steps.close()
    assert (len(document.layers), document.drafts, document.undo) == (1, 0, [])
    wait_for(lambda: not jobs(stage.daemon)["running"], 20, "the job to be gone")
    stage.play("invert")
    run(any_session, inputs, document)


def test_the_daemon_dies_in_the_middle(
    stage: Stage, any_session: Session, inputs: Inputs, document: Document, start: Start
) -> None:
    stage.play("steps", count=10_000, seconds=0.01)
    steps = Transfer(any_session, inputs, document.target()).steps()
    run_until(steps, "Computing the look…")
    stage.daemon.stop(signal.SIGKILL)
    with pytest.raises(DaemonUnavailableError):
        list(steps)
    assert (len(document.layers), document.drafts) == (1, 0)
    wait_for(lambda: any_session.state.kind == "failed", 20, "the state to be failed")


def test_a_failed_session_is_tried_once_more(
    stage: Stage, session: Session, inputs: Inputs, document: Document, start: Start
) -> None:
    stage.daemon.stop(signal.SIGKILL)
    wait_for(lambda: session.state.kind == "failed", 20, "the state to be failed")
    start()
    run(session, inputs, document)


def test_an_evicted_picture_is_sent_again(start: Start, stage: Stage, session: Session) -> None:
    """The store has room for the pictures of one job and little more."""
    stage.daemon.stop()
    wait_for(lambda: session.state.kind == "failed", 20, "the state to be failed")
    start(store_bytes=600_000)
    rng = np.random.default_rng(1)
    pixels = [rng.integers(0, 256, (200, 300, 3), np.uint8) for _ in range(3)]
    style = ArraySource(PIXELS)
    for picture in (*pixels, *pixels):
        document = Document([picture])
        run(session, Inputs(ArraySource(picture), style), document)
        assert np.array_equal(document.layers[1], 255 - picture)


def test_a_daemon_that_forgets_us_in_the_middle_of_a_picture(start: Start, stage: Stage, session: Session) -> None:
    """The editor was busy for a while; what was sent by halves is sent again."""
    stage.daemon.stop()
    wait_for(lambda: session.state.kind == "failed", 20, "the state to be failed")
    daemon = start(silence_s=0.5)
    pixels = np.random.default_rng(3).integers(0, 256, (3000, 2000, 4), np.uint8)
    document, source = Document([pixels]), ArraySource(pixels)
    steps = Transfer(session, Inputs(source, ArraySource(PIXELS)), document.target()).steps()
    assert any(source.reads == 5 for _ in steps), "three bands were named, two sent"

    def is_forgotten() -> bool:
        with daemon.connect() as client:
            return bool(client.status()["clients"] == 1)

    wait_for(is_forgotten, 20, "the daemon to forget the session")
    for _ in steps:
        pass
    assert np.array_equal(document.layers[1], 255 - pixels)
    assert source.reads > 6, "it began anew"


def test_pictures_that_are_lost_again_and_again(session: Session, inputs: Inputs, document: Document) -> None:
    """Somebody fills the store whenever this job has sent its pictures."""
    refusals = 0

    def refuse(request: object) -> object:
        nonlocal refusals
        refusals += 1
        raise UnknownImageError("evicted")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "submit", refuse)
        refused(session, inputs, document, UnknownImageError)
    assert refusals == 2
    run(session, inputs, document)


def test_two_at_once(session: Session) -> None:
    """Two transfers of the same style, step by step in turn as an editor with one thread makes them."""
    rng = np.random.default_rng(2)
    style = ArraySource(rng.integers(0, 256, (3000, 2000, 3), np.uint8))
    documents = [Document([rng.integers(0, 256, (60, 50, 4), np.uint8)]) for _ in range(3)]
    transfers = [Transfer(session, Inputs(ArraySource(d.layers[0]), style), d.target()) for d in documents]
    for _ in zip_longest(*(transfer.steps() for transfer in transfers)):
        pass
    for document in documents:
        assert np.array_equal(document.layers[1], 255 - document.layers[0])
    assert style.reads == 3 * 3 + 3, "each names it, one sends it"


def test_too_many_at_once(stage: Stage, session: Session, inputs: Inputs, document: Document) -> None:
    stage.daemon.wait_for_worker()
    stage.play("hang")
    running, *waiting = [Transfer(session, inputs, document.target()).steps() for _ in range(9)]
    run_until(running, "Computing the look…")
    for steps in waiting:
        run_until(steps, "Waiting for other jobs…")
    with pytest.raises(BusyError):
        run(session, inputs, document)
    for steps in (running, *waiting):
        steps.close()
    wait_for(lambda: not jobs(stage.daemon)["running"], 20, "the jobs to be gone")


def test_a_closed_session(session: Session, inputs: Inputs, document: Document) -> None:
    session.close()
    refused(session, inputs, document, JobCancelledError)


@pytest.fixture(scope="module")
def warm() -> Iterator[RunningDaemon]:
    """A daemon with the real engine."""
    with warm_daemon() as daemon:
        yield daemon


CASES = {
    "rest": Choices(),
    "selection": Choices(strength=0.7, keep_luminance=True),
    "similar areas": Choices(match_areas=True, style_area="selection"),
    "by a mask": Choices(limit="mask", style_area="selection", detail="none"),
    "options": Choices(method="pitie", options={"iterations": 3, "residual": 0.5}),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_the_same_as_in_process(connect, warm: RunningDaemon, photographs: Photographs, case: str, dtype: str) -> None:
    choices = CASES[case]
    scale = 1 if dtype == "uint8" else 255
    content = (thinned(photographs["chelsea"], 2, 150, 225) / scale).astype(dtype)
    style = thinned(photographs["rocket"], 4, 100, 160)
    selection = np.zeros(content.shape[:2], np.uint8)
    selection[20:100, 30:] = np.linspace(0, 255, 195).astype(np.uint8)
    style_mask = np.zeros(style.shape[:2], np.uint8)
    style_mask[:, :60] = 255
    sources = [ArraySource(each) for each in (content, style, selection, style_mask)]
    document = Document([content])
    run(connect(warm.connect), Inputs(*sources, choices), document)
    region = RegionPixels(style, style_mask=style_mask if choices.style_area == "selection" else None)
    task = StylizeTask(content, (region,), selection, choices.settings(), limit_to_mask=choices.limit == "pixels")
    expected = stylize(task, unfollowed, Engine.load("cpu"))
    assert np.array_equal(document.layers[1], expected)
    assert not np.array_equal(expected, content)
    if choices.limit == "pixels":
        assert np.array_equal(document.layers[1][selection == 0], content[selection == 0])
