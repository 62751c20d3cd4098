"""The dialog in the real GIMP: what a person sees and can do, from the menu to the new layer."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from support.daemon import RunningDaemon
from support.editors.backend import Stage, installed_backend
from support.editors.gimp import Gimp
from support.editors.gimp_dialog import PLUG_IN, TITLE, GimpDialog
from support.waiting import wait_for

ORANGE = (200, 60, 20)
BLUE = (55, 195, 235)
"""What the stage makes of the orange: it inverts."""

RED = (255, 0, 0)
"""What a slow job on the stage has to show for a long time."""

SECONDS = 60.0


@pytest.fixture
def orange(tmp_path: Path) -> Path:
    """A picture of one colour, which can be found on the screen again."""
    file = tmp_path / "orange.png"
    Image.new("RGB", (300, 200), ORANGE).save(file)
    return file


def status(daemon: RunningDaemon) -> dict[str, Any]:
    with daemon.connect() as client:
        return client.status()


def wait_for_jobs(daemon: RunningDaemon, is_so: Callable[[dict[str, int]], bool], what: str) -> None:
    wait_for(lambda: is_so(status(daemon)["jobs"]), SECONDS, what)


def test_from_the_menu_to_the_layer(
    gimp: Gimp, photograph_files: Mapping[str, Path], editor_daemon: RunningDaemon
) -> None:
    with gimp.window(photograph_files["astronaut"]) as window:
        dialog = GimpDialog(window)
        dialog.open()
        before = dialog.pixels()
        dialog.choose(photograph_files["coffee"])
        wait_for_jobs(editor_daemon, lambda jobs: jobs["done"] > 1, "a preview")
        wait_for(lambda: (dialog.pixels() != before).any(axis=2).mean() > 0.05, SECONDS, "the look on the screen")
        dialog.agree("Return")
        dialog.wait_for_layers(2)
        window.press_until("ctrl+z", " 1 layer.*GIMP$", dialog.main)
        window.activate(dialog.main)
        window.key("ctrl+f")  # the last filter again; once, for each press makes a layer
        dialog.wait_for_layers(2)
        dialog.open_by("shift+ctrl+f")
        dialog.leave()
        wait_for(lambda: not window.run.processes(PLUG_IN), SECONDS, "the end of the plug-in")
        dialog.wait_for_layers(2)


def test_the_preview_follows_the_controls_and_sends_no_pixels_again(
    gimp: Gimp, orange: Path, photograph_files: Mapping[str, Path], stage: Stage
) -> None:
    with gimp.window(orange) as window:
        dialog = GimpDialog(window)
        dialog.open()
        dialog.wait_for_color(ORANGE, 0.2)
        assert dialog.share_of(BLUE) == 0
        dialog.choose(photograph_files["coffee"])
        dialog.wait_for_color(BLUE, 0.1)
        assert dialog.share_of(ORANGE) > 0.1
        before = status(stage.daemon)
        window.activate(dialog.number)
        window.key("alt+v")  # the result alone
        dialog.wait_for_color(BLUE, 0.2)
        window.key("alt+k")  # keep luminance
        wait_for_jobs(stage.daemon, lambda jobs: jobs["done"] > before["jobs"]["done"], "a new preview")
        # The stage's answer is the same picture again, so any other image would be one that was sent.
        assert status(stage.daemon)["store"]["images"] == before["store"]["images"]
        window.activate(dialog.main)
        window.key("ctrl+a")
        window.activate(dialog.number)
        with_mask = before["store"]["images"] + 1
        wait_for(lambda: status(stage.daemon)["store"]["images"] == with_mask, SECONDS, "a look at the new selection")
        window.key("alt+p")
        dialog.wait_for_color(ORANGE, 0.2)
        dialog.leave()


def test_a_slow_preview_shows_what_there_is_so_far(
    gimp: Gimp, orange: Path, photograph_files: Mapping[str, Path], stage: Stage
) -> None:
    with gimp.window(orange, EDITORS_SCREEN="1366x768x24") as window:
        dialog = GimpDialog(window)
        stage.play("develop", count=1_000_000, seconds=0.05)
        dialog.open()
        the_longest_options_leave_ok_on_the_screen(dialog)
        dialog.choose(photograph_files["coffee"])
        dialog.wait_for_color(RED, 0.1)
        assert dialog.share_of(ORANGE) > 0.1
        dialog.leave()


def the_longest_options_leave_ok_on_the_screen(dialog: GimpDialog) -> None:
    height = dialog.pixels().shape[0]
    dialog.window.activate(dialog.number)
    dialog.window.key("alt+m", "Down", "alt+d", "Tab", "Tab", "Tab", "space")  # Yang's method, and Advanced
    wait_for(lambda: dialog.pixels().shape[0] > height, SECONDS, "the options")
    assert dialog.pixels().shape[0] <= 720, "a title bar and a panel need some of the 768 rows"


def start_job(dialog: GimpDialog, style: Path, stage: Stage) -> None:
    """Press OK for a job that would take minutes, and wait until it runs."""
    stage.play("invert")
    dialog.open()
    dialog.choose(style)
    dialog.wait_for_color(BLUE, 0.1)
    stage.play("steps", count=6000, seconds=0.05)
    dialog.agree()
    wait_for_jobs(stage.daemon, lambda jobs: jobs["running"] == 1, "a job that runs")


def test_a_job_that_is_cancelled_and_one_that_loses_its_daemon(
    gimp: Gimp, orange: Path, photograph_files: Mapping[str, Path], stage: Stage
) -> None:
    with gimp.window(orange) as window:
        dialog = GimpDialog(window)
        start_job(dialog, photograph_files["coffee"], stage)
        dialog.cancel_in_status_bar()
        wait_for_jobs(stage.daemon, lambda jobs: jobs["running"] == 0, "the end of the job")
        dialog.wait_for_layers(1)
        start_job(dialog, photograph_files["coffee"], stage)
        stage.daemon.process.kill()
        window.wait_for_window("^GIMP Message$")
        wait_for(lambda: not window.run.processes(PLUG_IN), SECONDS, "the end of the plug-in")
        dialog.wait_for_layers(1)


def test_a_backend_that_is_installed_while_the_dialog_is_open(
    gimp: Gimp, orange: Path, photograph_files: Mapping[str, Path]
) -> None:
    with installed_backend(gimp.config_dir), gimp.window(orange) as window:
        written, away = gimp.config_dir / "backend.json", gimp.config_dir / "away.json"
        written.rename(away)
        dialog = GimpDialog(window)
        dialog.open()
        dialog.wait_for_color(ORANGE, 0.2)  # the dialog is there and has read the layer, whatever the backend does
        dialog.choose(photograph_files["coffee"])
        window.key("alt+o")
        away.rename(written)
        assert window.find_windows(TITLE)  # there is nobody to do it, so OK does nothing
        window.activate(dialog.number)
        window.key("alt+y")  # Try Again
        dialog.agree()
        dialog.wait_for_layers(2)


def test_help_opens_the_page_that_comes_with_the_plug_in(gimp: Gimp, orange: Path) -> None:
    home, opened = gimp.folder / "home", gimp.folder / "opened"
    applications = home / ".local" / "share" / "applications"
    applications.mkdir(parents=True)
    reader = f"[Desktop Entry]\nType=Application\nName=Reader\nExec={gimp.folder / 'reader'} %u\nMimeType=text/html;\n"
    (applications / "reader.desktop").write_text(reader)
    (applications / "mimeapps.list").write_text("[Default Applications]\ntext/html=reader.desktop\n")
    program = gimp.folder / "reader"
    program.write_text(f'#!/bin/sh\necho "$1" >{shlex.quote(str(opened))}\n')
    program.chmod(0o755)
    with gimp.window(orange, HOME=str(home)) as window:
        dialog = GimpDialog(window)
        dialog.open()
        window.key("alt+h")
        page = wait_for(lambda: opened.exists() and opened.read_text().strip(), SECONDS, "the page")
    assert "Photorealistic Style" in Path(page.removeprefix("file://")).read_text()
