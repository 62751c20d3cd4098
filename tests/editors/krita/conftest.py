"""Krita with its window and a hand inside it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from support.editors.krita import PLUG_IN, Krita
from support.editors.tree import EditorTree
from support.editors.window import Window
from support.waiting import wait_for

PREAMBLE = """
import sys
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication

def the(kind):
    found = [each for each in QApplication.topLevelWidgets() if type(each).__name__ == kind and each.isVisible()]
    assert len(found) == 1, found
    if kind == "StyleDialog":
        from photorealistic_style.styles import ImageStyle
        globals()["ImageStyle"] = ImageStyle
    return found[0]
"""
"""What every call in Krita may use."""

HAND = Path(__file__).parent / "hand"
ANSWER_SECONDS = 60.0


class Studio:
    """A Krita to look at and to reach into.

    Attributes:
        window: Its window.
        main: Number of the main window, for keys.
    """

    def __init__(self, window: Window, folder: Path) -> None:
        self.window = window
        self._folder = folder
        self._numbers = itertools.count()
        self.main = window.wait_for_class("krita")

    def __call__(self, text: str) -> Any:
        """Run Python in Krita's main thread; the value of its last expression."""
        name = f"{next(self._numbers):04}"
        part = self._folder / "part"
        part.write_text(text)
        part.rename(self._folder / f"call-{name}.py")
        answer = self._folder / f"answer-{name}.json"
        wait_for(answer.exists, ANSWER_SECONDS, f"an answer to {text!r}")
        said = json.loads(answer.read_text())
        assert "traceback" not in said, said["traceback"]
        return said["value"]

    def until(self, text: str, what: str = "") -> Any:
        """Wait until an expression is true in Krita; its value."""
        return wait_for(lambda: self(text), ANSWER_SECONDS, what or text)

    def names(self) -> list[str]:
        """Names of the layers of the active document, from the bottom."""
        names: list[str] = self("[node.name() for node in krita.activeDocument().topLevelNodes()]")
        return names

    def open_dialog(self) -> str:
        """Call the action until its dialog shows; number of the window."""
        self("krita.action('photorealistic_style').trigger()")
        window = self.window.wait_for_window("^Photorealistic Style:")
        self("dialog = the('StyleDialog')")
        return window

    def choose(self, panel: str, style: Path) -> None:
        """Choose a style file in a panel, and wait for its preview."""
        self(f"{panel}.gallery.add(ImageStyle.of_file({str(style)!r}))")
        self.until(f"{panel}.pane._after is not None", "a preview")

    def click(self, widget: str) -> None:
        """Click on a widget with the mouse."""
        self.window.click(*self(f"(lambda p: (p.x(), p.y()))({widget}.mapToGlobal({widget}.rect().center()))"))

    def key(self, *keys: str) -> None:
        """Press keys in the main window."""
        self.window.activate(self.main)
        self.window.key(*keys)


Open = Callable[..., AbstractContextManager[Studio]]


@pytest.fixture(scope="module")
def open_krita(editors: EditorTree, tmp_path_factory: pytest.TempPathFactory) -> Open:
    """``open_krita(*files, folder=…, language=…, **variables)``: a Krita that shows these pictures."""

    @contextmanager
    def open_krita(*files: Path, folder: Path | None = None, language: str = "", **variables: str) -> Iterator[Studio]:
        folder = folder or tmp_path_factory.mktemp("krita")
        calls = folder / "calls"
        calls.mkdir()
        krita = Krita(editors, folder, (PLUG_IN, HAND))
        if language:
            settings = krita.home / ".config"
            settings.mkdir(parents=True)
            (settings / "klanguageoverridesrc").write_text(f"[Language]\nkrita=@ByteArray({language})\n")
        with krita.window(*files, HAND_FOLDER=str(calls), **variables) as window:
            studio = Studio(window, calls)
            studio.until(f"len(krita.documents()) == {len(files)} and krita.activeDocument() is not None")
            studio(PREAMBLE)
            yield studio

    return open_krita
