"""The dialog: ask, preview, make the layer, go."""

from __future__ import annotations

from typing import Any

from krita import Krita
from photostyle_plugin.errors import say
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import PhotostyleError

from .panel import StylePanel
from .qt import QtCore, QtWidgets
from .queue import Run
from .scrolled import Scrolled
from .studio import studio
from .subject import Subject

_BUTTONS = QtWidgets.QDialogButtonBox.StandardButton
_SIDE_WIDTH = 430


class StyleDialog(QtWidgets.QDialog):
    """Works on the layer that was the active one when it was opened; Krita can be used meanwhile."""

    def __init__(self, window: Any, subject: Subject) -> None:
        super().__init__(window)
        self.setWindowTitle(f"{Words.title}: {subject.name}")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        self._run: Run | None = None
        self._panel = StylePanel(self, lambda: subject)
        self._panel.ready_changed.connect(self._allow)
        self._bar = QtWidgets.QProgressBar()
        self._bar.setRange(0, 1000)
        self._note = QtWidgets.QLabel()
        self._note.setWordWrap(True)
        self._buttons = QtWidgets.QDialogButtonBox(_BUTTONS.Ok | _BUTTONS.Cancel)
        self._buttons.accepted.connect(self._start)
        self._buttons.rejected.connect(self.reject)
        self._side = self._make_side()
        self._lay_out()
        self._allow(False)

    def reject(self) -> None:
        """Cancel the work if there is some, else leave."""
        if self._run is not None and self._run.state == "running":
            self._run.cancel()
        else:
            super().reject()

    def closeEvent(self, event: Any) -> None:
        """Cancel the work and leave."""
        if self._run is not None:
            studio().queue.remove(self._run)
        super().closeEvent(event)

    def resizeEvent(self, event: Any) -> None:
        """Stay on the screen when the options of a method make it higher."""
        super().resizeEvent(event)
        room = self.screen().availableGeometry()
        below = self.frameGeometry().bottom() - room.bottom()
        if below > 0:
            self.move(self.x(), max(room.top(), self.y() - below))

    def _make_side(self) -> Any:
        side = QtWidgets.QWidget()
        side.setFixedWidth(_SIDE_WIDTH)
        column = QtWidgets.QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._panel.gallery, 1)
        column.addWidget(Scrolled(self._panel.controls))
        column.addWidget(self._panel.presets)
        return side

    def _lay_out(self) -> None:
        middle = QtWidgets.QHBoxLayout()
        middle.addWidget(self._panel.pane, 1)
        middle.addWidget(self._side)
        bottom = QtWidgets.QHBoxLayout()
        bottom.addWidget(self._panel.state, 1)
        bottom.addWidget(self._buttons)
        layout = QtWidgets.QVBoxLayout(self)
        layout.addLayout(middle, 1)
        layout.addWidget(self._bar)
        layout.addWidget(self._note)
        layout.addLayout(bottom)
        self._bar.hide()
        self._note.hide()

    def _allow(self, is_ready: bool) -> None:
        self._buttons.button(_BUTTONS.Ok).setEnabled(is_ready)

    def _start(self) -> None:
        try:
            self._run = self._panel.apply()
        except PhotostyleError as error:
            self._say(*say(error))
            return
        self._run.changed.connect(self._follow_run)
        self._show_working(True)

    def _follow_run(self) -> None:
        run = self._run
        if run is None:
            return
        self._bar.setValue(round(1000 * run.fraction))
        self._bar.setFormat(run.text)
        if run.state == "running":
            return
        studio().queue.remove(run)
        self._run = None
        if run.state == "done":
            self.accept()
            return
        self._show_working(False)
        self._say(run.text, run.hint)

    def _show_working(self, is_working: bool) -> None:
        self._bar.setValue(0)
        self._bar.setVisible(is_working)
        self._note.hide()
        self._side.setEnabled(not is_working)
        self._allow(not is_working)

    def _say(self, sentence: str, hint: str) -> None:
        self._note.setText(f"{sentence}\n{hint}".strip())
        self._note.show()


def open_dialog() -> None:
    """Show the dialog for the active layer; one that is open already comes to the front."""
    window = Krita.instance().activeWindow().qwindow()
    dialog = studio().dialog
    if dialog is not None:
        dialog.raise_()
        dialog.activateWindow()
        return
    try:
        dialog = studio().dialog = StyleDialog(window, Subject.active())
    except PhotostyleError as error:
        QtWidgets.QMessageBox.information(window, Words.title, "\n\n".join(filter(None, say(error))))
        return
    dialog.finished.connect(_forget_dialog)
    dialog.show()


def _forget_dialog() -> None:
    studio().dialog = None
