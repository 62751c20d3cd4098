"""One line on how the backend does, with a button where something can be done."""

from __future__ import annotations

from typing import Any

from photostyle_plugin.state import BackendState
from photostyle_plugin.texts import Words

from .qt import QtWidgets
from .studio import studio

_COLORS = {"starting": "#d0a020", "ready": "#3fa34d", "absent": "#c8463c", "failed": "#c8463c"}
_TRY_AGAIN = ("absent", "failed")


class StateLine(QtWidgets.QWidget):
    """Shows the state of the session; call `refresh` often."""

    def __init__(self, parent: Any | None = None) -> None:
        super().__init__(parent)
        self._shown: BackendState | None = None
        self._dot = QtWidgets.QLabel("●")
        self._text = QtWidgets.QLabel()
        self._text.setWordWrap(True)
        self._again = QtWidgets.QPushButton(Words.try_again)
        self._again.clicked.connect(studio().session.reconnect)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._dot)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._again)
        self.refresh()

    def refresh(self) -> None:
        """Show the state as it is now."""
        state = studio().session.state
        if state == self._shown:
            return
        self._shown = state
        self._dot.setStyleSheet(f"color: {_COLORS[state.kind]}")
        self._text.setText("\n".join(filter(None, (state.sentence(), state.hint()))))
        self._again.setVisible(state.kind in _TRY_AGAIN)
