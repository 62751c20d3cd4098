"""The documentation's pictures of GIMP: ``pytest -m pictures tests/editors``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from support.daemon import RunningDaemon
from support.editors.backend import Stage
from support.editors.gimp import PLUG_INS, Gimp
from support.editors.gimp_dialog import WINDOW_SIZE, GimpDialog
from support.editors.shots import shoot
from support.editors.tree import EditorTree
from support.waiting import wait_for

from .conftest import Bystander

pytestmark = pytest.mark.pictures

SELECT = """
image = Gimp.get_images()[0]
image.select_ellipse(Gimp.ChannelOps.REPLACE, 170, 5, 310, 330)
Gimp.Selection.feather(image, 60)
Gimp.displays_flush()
"""
PROGRESS = (200, 580, 1402, 922)
"""The lower right of a window of that size."""


def test_the_dialog_in_the_dark(gimp: Gimp, editor_daemon: RunningDaemon, pictures: Mapping[str, Path]) -> None:
    gimp.set_preferences("(theme-color-scheme dark)")
    with gimp.window(pictures["cat"]) as window:
        dialog = GimpDialog(window)
        dialog.open()
        dialog.choose(pictures["evening"])
        shoot(window, "gimp-dialog-dark", dialog.number)


def test_a_selection_a_look_and_options(
    editors: EditorTree,
    bystander: Bystander,
    editor_daemon: RunningDaemon,
    pictures: Mapping[str, Path],
    tmp_path: Path,
) -> None:
    gimp = Gimp(editors, tmp_path, (PLUG_INS, bystander.plug_ins))
    gimp.set_preferences("(theme-color-scheme light)")
    with gimp.window(pictures["coffee"], **bystander.variables) as window:
        dialog = GimpDialog(window)
        bystander.tell("select", SELECT)
        dialog.open()
        dialog.choose(pictures["sunset"])
        window.activate(dialog.number)
        window.key("alt+d", "Tab", "Tab", "space")  # Advanced comes after Detail and Keep luminance
        shoot(window, "gimp-dialog-light", dialog.number)


def test_progress_and_an_error(gimp: Gimp, stage: Stage, pictures: Mapping[str, Path], tmp_path: Path) -> None:
    gimp.set_preferences("(theme-color-scheme dark)")
    with gimp.window(pictures["cat"]) as window:
        dialog = GimpDialog(window)
        window.xdotool("windowsize", dialog.main, *WINDOW_SIZE)
        window.activate(dialog.main)
        window.key("ctrl+shift+j")  # the whole picture, as large as the window
        dialog.open()
        dialog.choose(pictures["evening"])
        stage.play("wait", file=str(tmp_path / "never"))
        dialog.agree()
        with stage.daemon.connect() as client:
            wait_for(lambda: client.status()["jobs"]["running"] == 1, 60.0, "a job that runs")
        shoot(window, "gimp-progress", dialog.main, PROGRESS)
        stage.daemon.process.kill()
        shoot(window, "gimp-error", window.wait_for_window("^GIMP Message$"))
