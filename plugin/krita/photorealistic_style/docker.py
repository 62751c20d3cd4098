"""The docker: the same controls at hand all day, and the queue of what is being made."""

from __future__ import annotations

from typing import Any

from photostyle_plugin.errors import say
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import PhotostyleError

from .panel import StylePanel
from .qt import QtWidgets
from .queue_view import QueueView
from .subject import Subject


class DockerPanel(QtWidgets.QScrollArea):
    """Works on whatever layer is the active one."""

    def __init__(self, parent: Any | None = None) -> None:
        super().__init__(parent)
        self._panel = StylePanel(self, Subject.active)
        self._panel.ready_changed.connect(self._allow)
        self._button = QtWidgets.QPushButton(Words.apply)
        self._button.clicked.connect(self._start)
        self._note = QtWidgets.QLabel()
        self._note.setWordWrap(True)
        self._note.hide()
        self._allow(False)
        self._lay_out()

    def follow(self) -> None:
        """Another document may have become the active one."""
        self._panel.follow()

    def _lay_out(self) -> None:
        content = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(content)
        for widget, stretch in (
            (self._panel.gallery, 2),
            (self._panel.pane, 3),
            (self._panel.controls, 0),
            (self._panel.presets, 0),
            (self._panel.state, 0),
            (self._button, 0),
            (self._note, 0),
            (QueueView(), 0),
        ):
            column.addWidget(widget, stretch)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setWidget(content)

    def _allow(self, is_ready: bool) -> None:
        self._button.setEnabled(is_ready)

    def _start(self) -> None:
        self._note.hide()
        try:
            self._panel.apply()
        except PhotostyleError as error:
            self._note.setText("\n".join(filter(None, say(error))))
            self._note.show()
