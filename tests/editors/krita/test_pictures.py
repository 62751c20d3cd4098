"""The documentation's pictures of Krita: ``pytest -m pictures tests/editors``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from support.daemon import RunningDaemon
from support.editors.shots import shoot

from .conftest import Open, Studio

pytestmark = pytest.mark.pictures

SCREEN = "1060x860x24"


def test_dialog_and_docker(open_krita: Open, editor_daemon: RunningDaemon, pictures: Mapping[str, Path]) -> None:
    with open_krita(pictures["cat"], EDITORS_SCREEN=SCREEN) as studio:
        dialog = studio.open_dialog()
        for name in ("sunset", "coffee", "evening"):
            studio.choose("dialog._panel", pictures[name])
        studio("dialog.resize(dialog.sizeHint())")
        shoot(studio.window, "krita-dialog", dialog)
        studio("dialog.close()")
        the_docker_beside_a_selection(studio, pictures["sunset"])


def the_docker_beside_a_selection(studio: Studio, style: Path) -> None:
    studio(
        "main = krita.activeWindow().qwindow(); main.showMaximized()\n"
        "for each in krita.dockers():\n"
        "    each.setVisible(each.objectName() in ('ToolBox', 'KisLayerBox', 'photorealistic_style'))\n"
        "from krita import Selection; s = Selection(); s.select(60, 30, 250, 240, 255); s.feather(30)\n"
        "krita.activeDocument().setSelection(s)\n"
        "docker = next(each for each in krita.dockers() if each.objectName() == 'photorealistic_style')\n"
        "docker.fill(); panel = docker.widget()\n"
        "layers = next(each for each in krita.dockers() if each.objectName() == 'KisLayerBox')\n"
        "main.resizeDocks([docker], [360], Qt.Horizontal)"
    )
    studio("main.resizeDocks([layers, docker], [100, 1000], Qt.Vertical)")
    studio.choose("panel._panel", style)
    studio.until("panel._panel.controls._area.isEnabled()", "the selection to be noticed")
    studio("panel._button.click()")
    studio.until("krita.activeDocument().nodeByName('Style: sunset') is not None", "the layer")
    studio("krita.action('zoom_to_fit').trigger()")
    studio("krita.activeDocument().setActiveNode(krita.activeDocument().nodeByName('Background'))")
    shoot(studio.window, "krita-docker")


def test_no_backend(open_krita: Open, pictures: Mapping[str, Path], tmp_path: Path, runtime_dir: Path) -> None:
    with open_krita(pictures["coffee"], folder=tmp_path) as studio:
        dialog = studio.open_dialog()
        studio.until("'not installed' in dialog._panel.state._text.text()")
        shoot(studio.window, "krita-missing", dialog)
