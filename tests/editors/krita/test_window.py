"""The plug-in in Krita's window: action, dialog, docker, preview, undo, cancel, and everything that may go wrong."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photostyle_protocol.client import Client
from support.command_line import photostyle
from support.daemon import RunningDaemon
from support.editors.backend import Stage
from support.looks import packed
from support.waiting import wait_for

from .conftest import Open, Studio

ACTION = "krita.action('photorealistic_style')"
SLOW = {"count": 600, "seconds": 0.05}
"""A job that takes longer than any test waits for its first step."""


CUT_OFF = """
from PyQt5.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox

def cut_off(box):
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    room = box.style().subControlRect(QStyle.CC_ComboBox, option, QStyle.SC_ComboBoxEditField, box).width()
    texts = [box.itemText(row) for row in range(box.count())]
    return [text for text in texts if box.isVisible() and box.fontMetrics().horizontalAdvance(text) > room]
"""
"""Which texts of a combo box are longer than it is."""


def shown_pixels(studio: Studio, layer: str) -> np.ndarray:
    """The colours of a layer of the active document, (H, W, 3)."""
    node = f"krita.activeDocument().nodeByName({layer!r})"
    x, y, width, height = studio(f"{node}.bounds().getRect()")
    raw = bytes.fromhex(studio(f"bytes({node}.pixelData({x}, {y}, {width}, {height}).data()).hex()"))
    return np.frombuffer(raw, np.uint8).reshape(height, width, 4)[..., 2::-1]


def test_dialog_and_docker(
    open_krita: Open, editor_daemon: RunningDaemon, photograph_files: Mapping[str, Path], tmp_path: Path
) -> None:
    coffee, chelsea, astronaut = (photograph_files[name] for name in ("coffee", "chelsea", "astronaut"))
    with open_krita(coffee) as studio:
        assert not studio("[name for name in sys.modules if name.startswith(('photostyle_', 'zmq', 'msgpack'))]")
        the_action_is_in_the_menu_and_takes_a_shortcut(studio)
        the_dialog_previews(studio, chelsea)
        ok_makes_one_layer_and_undo_takes_it_away(studio, coffee, chelsea, tmp_path / "out.png")
        the_docker_works_on_the_active_layer(studio, astronaut, tmp_path / "old.look")
        what_is_remembered_is_there_in_the_next_dialog(studio)
        assert "Traceback" not in studio.window.run.tail()


def the_action_is_in_the_menu_and_takes_a_shortcut(studio: Studio) -> None:
    assert studio(f"{ACTION}.text().replace('&', '')") == "Photorealistic Style…"
    menus = studio(
        f"[menu.title().replace('&', '') for menu in {ACTION}.associatedWidgets() if hasattr(menu, 'title')]"
    )
    assert "Scripts" in menus
    studio(f"{ACTION}.setShortcut('Ctrl+Alt+Y')")
    studio.window.press_until("ctrl+alt+y", "^Photorealistic Style: Background", studio.main)
    studio("dialog = the('StyleDialog')")


def the_dialog_previews(studio: Studio, style: Path) -> None:
    studio.until("'Ready' in dialog._panel.state._text.text()")
    assert not studio("dialog._buttons.button(dialog._buttons.Ok).isEnabled()"), "there is no style yet"
    studio.choose("dialog._panel", style)
    assert studio("dialog._buttons.button(dialog._buttons.Ok).isEnabled()")
    looks = (
        "dialog._panel.pane._after != dialog._panel.pane._before.convertToFormat(dialog._panel.pane._after.format())"
    )
    assert studio(looks)
    studio("dialog._panel.controls._percent.setValue(0)")
    studio.until(f"not ({looks})", "a preview without strength")
    studio("dialog._panel.controls._percent.setValue(100)")
    studio.until(looks, "a preview with strength")
    studio("method = dialog._panel.controls._method; method.setCurrentIndex(method.findData('johnson'))")
    studio.until("dialog._panel.pane._after is None and 'Advanced' in dialog._panel.pane._caption", "what is missing")
    studio("method.setCurrentIndex(method.findData('rest'))")
    studio.until(f"dialog._panel.pane._after is not None and {looks}", "a preview with the picture again")


def ok_makes_one_layer_and_undo_takes_it_away(studio: Studio, content: Path, style: Path, out: Path) -> None:
    studio.window.activate(studio.window.wait_for_window("^Photorealistic Style: Background"))
    studio.click("dialog._buttons.button(dialog._buttons.Ok)")
    studio.window.wait_until_gone("^Photorealistic Style:")
    assert studio.names() == ["Background", "Style: chelsea"]
    done = photostyle("stylize", content, style, "-o", out)
    assert done.returncode == 0, done.stderr
    np.testing.assert_array_equal(shown_pixels(studio, "Style: chelsea"), np.asarray(Image.open(out)))
    studio.key("ctrl+z")
    studio.until("len(krita.activeDocument().topLevelNodes()) == 1", "undo in one step")
    studio.key("ctrl+shift+z")
    studio.until("len(krita.activeDocument().topLevelNodes()) == 2", "redo")
    studio.key("ctrl+z")
    studio.until("len(krita.activeDocument().topLevelNodes()) == 1")
    np.testing.assert_array_equal(shown_pixels(studio, "Background"), np.asarray(Image.open(content)))


def the_docker_works_on_the_active_layer(studio: Studio, style: Path, look: Path) -> None:
    studio(
        "docker = next(each for each in krita.dockers() if each.objectName() == 'photorealistic_style')\n"
        "docker.setFloating(True); docker.setVisible(True); docker.resize(380, 900); docker.fill()\n"
        "panel = docker.widget()"
    )
    studio("from krita import Selection; s = Selection(); s.select(100, 80, 200, 160, 255); s.feather(20)")
    studio("krita.activeDocument().setSelection(s)")
    a_picture_can_be_pasted_or_dropped(studio, style)
    studio.choose("panel._panel", style)
    studio.until("panel._panel.controls._area.isEnabled()", "the selection to be noticed")
    studio("from PyQt5.QtCore import QByteArray; before = panel._panel.pane._before.copy()")
    studio("krita.activeDocument().activeNode().setPixelData(QByteArray(bytes(4 * 600 * 100)), 0, 0, 600, 100)")
    studio.until("panel._panel.pane._before != before", "the change of the layer to be noticed")
    assert studio("panel._panel.controls._match.isEnabled()")
    look.write_bytes(packed())
    studio(f"panel._panel.gallery.add(ImageStyle.of_file({str(look)!r}))")
    studio.until("not panel._panel.controls._match.isEnabled()", "a look to be noticed, which shows no areas")
    studio.choose("panel._panel", style)
    studio("panel._panel.controls._limit.setCurrentIndex(1)")
    studio("panel._button.click()")
    studio.until("krita.activeDocument().nodeByName('Style: astronaut') is not None", "the layer")
    assert studio("[m.type() for m in krita.activeDocument().nodeByName('Style: astronaut').childNodes()]") == [
        "transparencymask"
    ]
    studio.key("ctrl+z")
    studio.until("krita.activeDocument().nodeByName('Style: astronaut') is None", "undo in one step, mask and all")
    studio("docker.close()")


def a_picture_can_be_pasted_or_dropped(studio: Studio, picture: Path) -> None:
    studio(
        "from PyQt5.QtCore import QMimeData, QPoint, QUrl; from PyQt5.QtGui import QDragEnterEvent, QDropEvent, QImage"
    )
    studio("gallery = panel._panel.gallery; mime = QMimeData(); view = gallery._list.viewport()")
    studio(f"mime.setUrls([QUrl.fromLocalFile({str(picture)!r})])")
    where = "QPoint(5, 5), Qt.CopyAction, mime, Qt.LeftButton, Qt.NoModifier"
    studio(f"QApplication.sendEvent(view, QDragEnterEvent({where})); QApplication.sendEvent(view, QDropEvent({where}))")
    assert studio("gallery.current().name") == "astronaut"
    studio(f"QApplication.clipboard().setImage(QImage({str(picture)!r})); gallery._paste()")
    assert studio("gallery.current().name") == "Pasted picture"
    studio("panel._panel.pane._after = None")
    studio.until("panel._panel.pane._after is not None", "a preview of what was pasted")


def what_is_remembered_is_there_in_the_next_dialog(studio: Studio) -> None:
    studio.open_dialog()
    shown = studio("[dialog._panel.gallery._list.item(k).text() for k in range(dialog._panel.gallery._list.count())]")
    assert shown == ["astronaut", "old", "chelsea"]
    studio.until("not dialog._panel.gallery._waiting", "the thumbnails")
    studio("styles = dialog._panel.gallery._list")
    places = studio("[styles.visualItemRect(styles.item(row)).center().x() for row in range(2)]")
    assert places[1] - places[0] == studio("styles.gridSize().width()"), "thumbnails stand in a grid"
    assert studio("dialog._panel.controls.choices().limit") == "mask"
    studio("dialog._panel.presets._reset()")
    assert studio("dialog._panel.controls.choices().limit") == "pixels"
    studio.window.key("Escape")
    studio.window.wait_until_gone("^Photorealistic Style:")


def test_what_may_go_wrong(
    open_krita: Open, stage: Stage, photograph_files: Mapping[str, Path], tmp_path: Path
) -> None:
    coffee, chelsea, astronaut = (photograph_files[name] for name in ("coffee", "chelsea", "astronaut"))
    with open_krita(coffee, astronaut) as studio:
        studio("one, other = sorted(krita.documents(), key=lambda each: 'coffee' not in each.fileName())")
        other_images_and_layers_are_offered(studio)
        a_slow_preview_shows_what_there_is_so_far(studio, stage, chelsea)
        a_remark_is_shown_over_the_canvas(studio, stage, chelsea, tmp_path / "died")
        cancel_stops_the_job_and_krita_goes_on(studio, stage, chelsea)
        a_failed_job_says_why(studio, stage)
        an_image_is_closed_under_its_dialog(studio, stage, photograph_files["chelsea"])
        two_documents_at_once_and_one_is_closed(studio, stage, chelsea)
        a_killed_daemon_is_told_and_another_one_helps(studio, stage)
        assert "Traceback" not in studio.window.run.tail()


def other_images_and_layers_are_offered(studio: Studio) -> None:
    studio("shown = krita.activeDocument(); below = shown.activeNode()")
    studio("second = shown.createNode('Second', 'paintlayer'); shown.rootNode().addChildNode(second, None)")
    studio("from PyQt5.QtCore import QByteArray; square = QByteArray(bytes([9, 9, 9, 255]) * 100)")
    studio("second.setPixelData(square, 0, 0, 10, 10)")
    studio("empty = shown.createNode('Empty', 'paintlayer'); shown.rootNode().addChildNode(empty, None)")
    studio("shown.setActiveNode(below)")
    studio.until("shown.activeNode() == below")
    studio.open_dialog()
    studio("gallery = dialog._panel.gallery; gallery._fill_open_menu(); actions = gallery._open_menu.actions()")
    name = "coffee" if studio("shown == other") else "astronaut"
    assert sorted(studio("[action.text() for action in actions]")) == ["    Second", name]
    studio(f"next(action for action in actions if action.text() == {name!r}).trigger()")
    studio.until("dialog._panel.pane._after is not None", "a preview")
    assert studio("gallery.current().name") == name
    studio("dialog.close(); second.remove(); empty.remove()")


def a_slow_preview_shows_what_there_is_so_far(studio: Studio, stage: Stage, style: Path) -> None:
    stage.play("develop", count=1_000_000, seconds=0.05)
    studio.open_dialog()
    studio.choose("dialog._panel", style)
    assert studio("dialog._panel.pane._after.pixelColor(3, 5).name()") == "#ff0000"
    assert studio("dialog._panel._preview._preview.busy")
    studio("dialog.close()")
    stage.play("invert")


def a_remark_is_shown_over_the_canvas(studio: Studio, stage: Stage, style: Path, marker: Path) -> None:
    studio.open_dialog()
    studio.choose("dialog._panel", style)
    stage.play("die_once", marker=str(marker))
    studio("dialog._start()")
    shown = "[each for each in QApplication.allWidgets() if each.metaObject().className() == 'KisFloatingMessage']"
    studio.until(f"any(each.isVisible() for each in {shown})", "the remark")
    studio.window.wait_until_gone("^Photorealistic Style:")
    studio("krita.action('edit_undo').trigger()")
    studio.until("[len(each.topLevelNodes()) for each in krita.documents()] == [1, 1]", "one layer again")
    stage.play("invert")


def start_slow_job(studio: Studio, stage: Stage) -> None:
    stage.play("steps", **SLOW)
    studio("dialog._start()")
    studio.until("dialog._run.fraction > 0.26", "the job to run")


def cancel_stops_the_job_and_krita_goes_on(studio: Studio, stage: Stage, style: Path) -> None:
    studio.open_dialog()
    studio.choose("dialog._panel", style)
    start_slow_job(studio, stage)
    studio("from PyQt5.QtCore import QTimer; ticks = []; ticker = QTimer()")
    studio("ticker.timeout.connect(lambda: ticks.append(1)); ticker.start(10)")
    studio.until("len(ticks) > 50", "Krita to live on while the job runs")
    studio("ticker.stop()")
    studio.window.activate(studio.window.wait_for_window("^Photorealistic Style:"))
    studio.window.key("Escape")
    studio.until("dialog._run is None and dialog._side.isEnabled()")
    assert studio("dialog._note.text()") == "Cancelled."
    with stage.daemon.connect() as client:
        wait_for_no_jobs(client)
    assert studio("[len(each.topLevelNodes()) for each in krita.documents()]") == [1, 1]


def wait_for_no_jobs(client: Client) -> None:
    wait_for(lambda: client.status()["jobs"]["running"] == 0, what="the daemon to stop the job")


def a_failed_job_says_why(studio: Studio, stage: Stage) -> None:
    stage.play("fail")
    studio("dialog._start()")
    studio.until("dialog._run is None")
    assert studio("dialog._note.text() and dialog._note.isVisible()")
    assert studio("[len(each.topLevelNodes()) for each in krita.documents()]") == [1, 1]
    studio("dialog.close()")


def an_image_is_closed_under_its_dialog(studio: Studio, stage: Stage, picture: Path) -> None:
    stage.play("invert")
    studio(f"third = krita.openDocument({str(picture)!r}); krita.activeWindow().addView(third)")
    studio.until("krita.activeDocument() == third and third.activeNode() is not None")
    studio.open_dialog()
    studio.choose("dialog._panel", picture)
    studio("from photorealistic_style.styles import OpenStyle; dialog._panel.gallery.add(OpenStyle(third))")
    studio("third.setModified(False); third.close()")
    studio.until("'closed' in dialog._panel.pane._caption")
    assert not studio("dialog._buttons.button(dialog._buttons.Ok).isEnabled()")
    studio("gallery = dialog._panel.gallery; gallery.refresh()")
    assert not studio("[style.name for style in gallery._extra]"), "a closed image is no style any more"
    studio("dialog.close()")


def two_documents_at_once_and_one_is_closed(studio: Studio, stage: Stage, style: Path) -> None:
    stage.play("steps", count=60, seconds=0.05)
    studio("from photorealistic_style.studio import studio as shared; queue = shared().queue")
    studio(
        "from photorealistic_style.subject import Subject\n"
        "from photorealistic_style import images\n"
        "from photostyle_plugin.transfer import Transfer\n"
        "from photostyle_plugin.choices import Choices\n"
        f"style = ImageStyle('s', image=images.read_image({str(style)!r}))\n"
        "def begin(document):\n"
        "    inputs, target = Subject(document, document.topLevelNodes()[0]).inputs(style, Choices())\n"
        "    return queue.start(Transfer(shared().session, inputs, target, 0.0), 's')\n"
        "runs = [begin(one), begin(other)]"
    )
    studio.until("all(run.fraction > 0.1 for run in runs)")
    studio("other.setModified(False); other.close()")
    studio.until("all(run.state != 'running' for run in runs)")
    assert studio("[run.state for run in runs]") == ["done", "failed"]
    assert "closed" in studio("runs[1].text")
    assert studio("[node.name() for node in one.topLevelNodes()]") == ["Background", "Style: s"]
    studio("queue.close()")


def a_killed_daemon_is_told_and_another_one_helps(studio: Studio, stage: Stage) -> None:
    studio.open_dialog()
    studio("dialog._panel.gallery._list.setCurrentRow(0)")
    studio.until("dialog._buttons.button(dialog._buttons.Ok).isEnabled()")
    start_slow_job(studio, stage)
    stage.daemon.stop(signal.SIGKILL)
    studio.until("dialog._run is None", "the end of the run")
    assert studio("dialog._note.text()")
    studio.until("dialog._panel.state._again.isVisible()")
    studio("dialog.close()")


@pytest.mark.parametrize("way", ["zeromq", "bridge"])
def test_the_backend_is_missing_and_then_it_is_started(
    open_krita: Open, startable_backend: list[str], photograph_files: Mapping[str, Path], tmp_path: Path, way: str
) -> None:
    installed = tmp_path / "config" / "backend.json"
    assert json.loads(installed.read_text())["command"] == startable_backend
    shutil.move(installed, tmp_path / "kept.json")
    with open_krita(photograph_files["coffee"], folder=tmp_path) as studio:
        if way == "bridge":
            studio("sys.modules['zmq'] = None")
        studio.open_dialog()
        studio.until("'not installed' in dialog._panel.state._text.text()")
        assert "photostyle install" in studio("dialog._panel.state._text.text()")
        shutil.move(tmp_path / "kept.json", installed)
        studio("dialog._panel.state._again.click()")
        studio.until("'Ready' in dialog._panel.state._text.text()", "the backend to be started")
        studio.choose("dialog._panel", photograph_files["chelsea"])
        quitting_in_the_middle_of_a_job_is_clean(studio)


def quitting_in_the_middle_of_a_job_is_clean(studio: Studio) -> None:
    studio("from PyQt5.QtCore import QTimer; QTimer.singleShot(50, krita.action('file_quit').trigger); dialog._start()")
    wait_for(lambda: studio.window.run.process.poll() is not None, 60.0, "the end of Krita")
    assert studio.window.run.process.poll() == 0
    assert "Traceback" not in studio.window.run.tail()


def test_it_speaks_the_language_of_krita(
    open_krita: Open, editor_daemon: RunningDaemon, photograph_files: Mapping[str, Path]
) -> None:
    with open_krita(photograph_files["coffee"], language="de", EDITORS_SCREEN="1366x768x24") as studio:
        assert studio(f"{ACTION}.text().replace('&', '')") == "Fotorealistischer Stil …"
        studio(f"{ACTION}.trigger()")
        studio.window.wait_for_window("^Fotorealistischer Stil: Background")
        studio("dialog = the('StyleDialog')")
        studio.until("dialog._panel.state._text.text() == 'Bereit, auf der CPU'")
        everything_can_be_read_on_a_small_screen(studio)


def everything_can_be_read_on_a_small_screen(studio: Studio) -> None:
    studio(CUT_OFF)
    studio("controls = dialog._panel.controls; controls._advanced.unfold()")
    for row in range(studio("controls._method.count()")):
        studio(f"controls._method.setCurrentIndex({row})")
        studio.until("dialog.frameGeometry().bottom() <= dialog.screen().availableGeometry().bottom()")
        assert studio("[text for box in dialog.findChildren(QComboBox) for text in cut_off(box)]") == []
