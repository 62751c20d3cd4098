"""Previews: the newest wins, pixels cross the wire once, errors are a caption."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from photostyle_plugin.choices import Choices
from photostyle_plugin.preview import Preview, PreviewResult
from photostyle_plugin.session import Session
from photostyle_protocol.errors import BadMaskError, DaemonUnavailableError, JobFailedError
from photostyle_protocol.images import ImageSpec
from support.daemon import RunningDaemon, Start
from support.document import ArraySource
from support.editors.backend import Stage
from support.waiting import wait_for

PIXELS = np.arange(40 * 30 * 3, dtype=np.uint8).reshape(40, 30, 3)
PATIENT = 30.0


@pytest.fixture
def preview(session: Session) -> Iterator[Preview]:
    preview = Preview(session)
    preview.set_content(ArraySource(PIXELS))
    preview.set_style(ArraySource(PIXELS[::2].copy()))
    yield preview
    preview.stop()


def shown(preview: Preview) -> PreviewResult:
    return wait_for(preview.poll, PATIENT, "a preview")


def jobs(daemon: RunningDaemon) -> dict[str, int]:
    with daemon.connect() as client:
        return dict(client.status()["jobs"])


def test_a_preview(preview: Preview) -> None:
    assert preview.poll() is None
    assert not preview.busy
    preview.request(Choices())
    assert preview.busy
    result = shown(preview)
    assert (result.spec.height, result.spec.width) == (40, 30)
    assert result.pixels == (255 - PIXELS).tobytes()
    assert preview.poll() is None, "once"
    assert not preview.busy
    assert preview.error is None


def test_nothing_without_pictures(any_session: Session) -> None:
    preview = Preview(any_session)
    preview.request(Choices())
    assert not preview.busy
    preview.set_style(ArraySource(PIXELS))
    assert not preview.busy
    preview.set_content(ArraySource(PIXELS))
    assert preview.busy, "what was asked for begins when the pictures are there"
    assert shown(preview).pixels == (255 - PIXELS).tobytes()


def test_a_style_file_needs_no_style_picture(session: Session) -> None:
    preview = Preview(session)
    preview.set_content(ArraySource(PIXELS))
    preview.request(Choices())
    assert not preview.busy
    preview.request(Choices(method="johnson", options={"model": "/styles/rust.safetensors"}))
    assert shown(preview).pixels == (255 - PIXELS).tobytes()


def test_a_slider_sends_no_pixels(stage: Stage, preview: Preview) -> None:
    preview.request(Choices())
    shown(preview)
    with stage.daemon.connect() as client:
        before = client.status()["store"]["images"]
    for strength in np.linspace(0, 1, 30):
        preview.request(replace(Choices(), strength=float(strength)))
        preview.poll()
    shown(preview)
    wait_for(lambda: preview.poll() is None and not preview.busy, PATIENT, "the last one")
    with stage.daemon.connect() as client:
        assert client.status()["store"]["images"] == before
    assert jobs(stage.daemon)["done"] < 30, "most of them were never begun"
    assert jobs(stage.daemon)["waiting"] == 0


def test_the_newest_wins(stage: Stage, preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    """A preview that takes long gives way; what comes out is what was asked for last."""
    monkeypatch.setattr("photostyle_plugin.preview.PATIENCE_SECONDS", 0.0)
    stage.play("steps", count=10_000, seconds=0.01)
    preview.request(Choices())
    wait_for(lambda: jobs(stage.daemon)["running"], PATIENT, "the slow one to run")
    stage.play("invert")
    preview.request(Choices(strength=0.5))
    assert shown(preview).pixels == (255 - PIXELS).tobytes()
    assert preview.error is None


def test_a_young_one_may_finish(stage: Stage, preview: Preview) -> None:
    stage.play("steps", count=5, seconds=0.02)
    for strength in (0.1, 0.2, 0.3):
        preview.request(Choices(strength=strength))
    assert jobs(stage.daemon)["waiting"] + jobs(stage.daemon)["running"] <= 1
    shown(preview)
    shown(preview)
    assert not preview.busy


def test_another_picture_starts_over(stage: Stage, preview: Preview) -> None:
    stage.play("steps", count=10_000, seconds=0.01)
    preview.request(Choices())
    wait_for(lambda: jobs(stage.daemon)["running"], PATIENT, "the slow one to run")
    stage.play("invert")
    preview.set_content(ArraySource(PIXELS[:10].copy()))
    assert shown(preview).pixels == (255 - PIXELS[:10]).tobytes()


def test_stop(stage: Stage, preview: Preview) -> None:
    stage.play("steps", count=10_000, seconds=0.01)
    preview.request(Choices())
    wait_for(lambda: jobs(stage.daemon)["running"], PATIENT, "the slow one to run")
    preview.stop()
    assert not preview.busy
    wait_for(lambda: not jobs(stage.daemon)["running"], PATIENT, "the job to be gone")
    stage.play("invert")
    preview.request(Choices())
    shown(preview)


def test_it_forms(stage: Stage, preview: Preview) -> None:
    """What a method has so far is shown, each picture once, and then the result."""
    stage.play("develop", count=60, seconds=0.03)
    preview.request(Choices())
    results = [shown(preview)]
    while results[-1].is_forming:
        results.append(shown(preview))
    *forming, last = results
    assert len(forming) >= 2
    assert all(result.spec == ImageSpec(40, 30, 3, "uint8") for result in forming)
    shades = [result.pixels[2] for result in forming]
    assert shades == sorted(set(shades)), "bluer and bluer, none twice"
    assert last.pixels == PIXELS.tobytes()
    assert not preview.busy


def test_errors_are_a_caption(stage: Stage, preview: Preview) -> None:
    stage.play("fail")
    preview.request(Choices())
    error = wait_for(lambda: preview.poll() or preview.error, PATIENT, "an error")
    assert isinstance(error, JobFailedError)
    assert not preview.busy
    stage.play("invert")
    preview.request(Choices())
    shown(preview)
    assert preview.error is None


def test_an_empty_selection(preview: Preview) -> None:
    preview.set_content(ArraySource(PIXELS), ArraySource(np.zeros((40, 30), np.uint8)))
    preview.request(Choices())
    assert preview.poll() is None
    assert isinstance(preview.error, BadMaskError)
    assert not preview.busy
    preview.request(Choices(area="layer"))
    shown(preview)
    assert preview.error is None


def test_it_comes_back_with_the_backend(stage: Stage, session: Session, preview: Preview, start: Start) -> None:
    stage.daemon.stop(signal.SIGKILL)
    stage.play("steps", count=150, seconds=0.01)
    wait_for(lambda: session.state.kind == "failed", PATIENT, "the state to be failed")
    preview.request(Choices())
    assert isinstance(wait_for(lambda: preview.poll() or preview.error, PATIENT, "an error"), DaemonUnavailableError)
    daemon = start()
    session.reconnect()
    assert shown(preview).pixels == PIXELS.tobytes()
    assert preview.error is None
    counts = jobs(daemon)
    assert counts["done"] + counts["cancelled"] == 1, "it was begun once"
