"""The docker: the same controls at hand all day, and the queue of what is being made."""

from __future__ import annotations

from typing import Any

from photostyle_plugin.errors import say
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import PhotostyleError

from .panel import StylePanel
from .qt import QtCore, QtWidgets
from .queue_view import QueueView
from .subject import Subject

_GALLERY_HEIGHT = 160
_PREVIEW_HEIGHT = 200


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
        self._panel.gallery.setFixedHeight(_GALLERY_HEIGHT)
        self._panel.pane.setFixedHeight(_PREVIEW_HEIGHT)
        content = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(content)
        for widget in (
            self._panel.gallery,
            self._panel.pane,
            self._panel.controls,
            self._panel.presets,
            self._button,
            self._note,
            QueueView(),
            self._panel.state,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
        self.setMinimumWidth(content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width())

    def _allow(self, is_ready: bool) -> None:
        self._button.setEnabled(is_ready)

    def _start(self) -> None:
        self._note.hide()
        try:
            self._panel.apply()
        except PhotostyleError as error:
            self._note.setText("\n".join(filter(None, say(error))))
            self._note.show()
