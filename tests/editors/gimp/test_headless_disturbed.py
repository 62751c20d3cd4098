"""What happens while a job runs: things vanish, things die, two at once. Nothing half-done is ever left."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from photostyle_protocol.limits import PROTOCOL
from support.editors.backend import Stage
from support.editors.gimp import DEVELOPMENT_PATH
from support.editors.run import Run
from support.waiting import wait_for

SECONDS = 60
PLUG_IN = "photorealistic-style.py"


@pytest.fixture
def style(tmp_path: Path) -> str:
    Image.new("RGB", (20, 20), (200, 30, 60)).save(tmp_path / "style.png")
    return str(tmp_path / "style.png")


def _jobs(stage: Stage) -> Any:
    with stage.daemon.connect() as client:
        return client.status()["jobs"]


def _wait_for_job(stage: Stage) -> None:
    wait_for(lambda: _jobs(stage)["running"], SECONDS, "a job")


def _wait_for_cancel(stage: Stage) -> None:
    wait_for(lambda: _jobs(stage)["cancelled"] == 1 and not _jobs(stage)["running"], SECONDS, "the end of the job")


MEANWHILE = {
    "deleted": "image.remove_layer(layer)",
    "converted": "image.convert_grayscale()",
    "moved": "layer.set_offsets(7, -9)",
    "closed": "image.delete()",
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_what_a_person_does_meanwhile(
    what: str, started: Callable[..., Run], headless: Any, stage: Stage, style: str, bystander: Any, tmp_path: Path
) -> None:
    stage.play("wait", file=str(tmp_path / "go on"))
    run = started("slowly", bystander.variables, style=style, ids=str(tmp_path / "ids"))
    _wait_for_job(stage)
    image, layer = (tmp_path / "ids").read_text().split()
    script = f"image, layer = Gimp.Image.get_by_id({image}), Gimp.Layer.get_by_id({layer})\n{MEANWHILE[what]}"
    assert bystander.tell("meanwhile", script) == ""
    (tmp_path / "go on").touch()
    answer = headless.answer(run)
    if what == "closed":
        # GIMP itself keeps an image for the plug-in that works on it, and lets it go afterwards.
        assert answer == {"status": "success", "text": "", "alive": False}
        return
    assert answer["again"]
    assert answer["status"] == ("success" if what == "moved" else "execution-error")
    assert {"deleted": "layer is not there", "converted": "converted", "moved": ""}[what] in answer["text"]
    assert answer["at"] == {"deleted": [], "converted": [[0, 0]], "moved": [[7, -9], [7, -9]]}[what]


def _check_untouched(answer: dict[str, Any]) -> None:
    assert answer["same"]
    assert not answer["dirty"]
    assert answer["layers"] == 1
    assert answer["again"]


def test_the_plug_in_is_killed_as_by_gimps_cancel(
    started: Callable[..., Run], headless: Any, stage: Stage, style: str, tmp_path: Path
) -> None:
    stage.play("wait", file=str(tmp_path / "never"))
    run = started("slowly", style=style)
    _wait_for_job(stage)
    (plug_in,) = run.processes(PLUG_IN)
    plug_in.kill()
    _wait_for_cancel(stage)
    _check_untouched(headless.answer(run))


def test_what_a_killed_plug_in_left_in_memory_goes_with_the_next_run(
    started: Callable[..., Run], headless: Any, stage: Stage, style: str, tmp_path: Path
) -> None:
    stage.play("wait", file=str(tmp_path / "never"))
    run = started("slowly", style=style, twice=True)
    _wait_for_job(stage)
    stage.play("invert")
    (plug_in,) = run.processes(PLUG_IN)
    plug_in.kill()
    answer = headless.answer(run)
    assert (answer["left"], answer["were there"]) == (3, True)
    assert (answer["then"], answer["gone"], answer["notes"]) == ("success", True, 0)


def test_the_daemon_is_killed_in_the_middle(
    started: Callable[..., Run], headless: Any, stage: Stage, style: str, tmp_path: Path
) -> None:
    stage.play("wait", file=str(tmp_path / "never"))
    run = started("slowly", style=style)
    _wait_for_job(stage)
    stage.daemon.stop(signal.SIGKILL)
    answer = headless.answer(run)
    assert answer["status"] == "execution-error"
    assert "backend" in answer["text"]
    _check_untouched(answer)


FAILURES = {"die": "broke off", "memory": "memory", "fail": "a wrong turn"}


@pytest.mark.usefixtures("stage")
def test_jobs_that_fail(headless: Any, style: str, tmp_path: Path) -> None:
    answers = headless.run("failing", style=style, play=str(tmp_path / "play.json"), parts=list(FAILURES))
    for part, words in FAILURES.items():
        assert answers[part]["status"] == "execution-error"
        assert words in answers[part]["text"]
        assert answers[part]["untouched"]


def test_two_at_once(
    started: Callable[..., Run], headless: Any, stage: Stage, style: str, bystander: Any, tmp_path: Path
) -> None:
    stage.play("wait", file=str(tmp_path / "go on"))
    run = started("slowly", bystander.variables, style=style, until=str(bystander.done("second")))
    _wait_for_job(stage)
    bystander.begin("second", CALL_AGAIN.format(style=style))
    wait_for(lambda: _jobs(stage)["waiting"], SECONDS, "a second job")
    (tmp_path / "go on").touch()
    assert bystander.told("second") == "success 2\n"
    answer = headless.answer(run)
    assert answer["status"] == "success"
    assert answer["layers"] == 2


CALL_AGAIN = """
from session import add_layer, call, new_image, paint
image = new_image(50, 50)
layer = add_layer(image, 50, 50)
paint(layer)
print(call(image, [layer], style={style!r})[0], len(image.get_layers()))
image.delete()
"""


def test_no_backend_is_there(headless: Any, runtime_dir: Path, style: str) -> None:
    answer = headless.run("slowly", {"PATH": "/usr/bin:/bin"}, style=style)
    assert answer["status"] == "execution-error"
    assert "not installed" in answer["text"]
    assert "photostyle install" in answer["text"]
    _check_untouched(answer)


@pytest.mark.usefixtures("stage")
def test_the_backend_is_too_old(headless: Any, style: str, tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    for name in DEVELOPMENT_PATH.split(os.pathsep):
        shutil.copytree(name, newer, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "gimp", "krita"))
    limits = newer / "photostyle_protocol" / "limits.py"
    limits.write_text(f"{limits.read_text()}\nPROTOCOL = {PROTOCOL + 1}\n")
    answer = headless.run("slowly", {"PHOTOSTYLE_DEVELOPMENT_PATH": str(newer)}, style=style)
    assert answer["status"] == "execution-error"
    assert "different versions" in answer["text"]
    assert "Update" in answer["text"]
    _check_untouched(answer)
