"""Room for controls: all that they need, as far as the screen has it."""

from __future__ import annotations

from typing import Any

from .qt import QtCore, QtWidgets

_BESIDE = 330
"""Pixels that a screen needs for what is above and below the controls: the styles, the buttons, a title bar."""


class Scrolled(QtWidgets.QScrollArea):
    """Shows a widget whole, and scrolls it where a window would become higher than the screen.

    Args:
        content: May grow and shrink.
    """

    def __init__(self, content: Any) -> None:
        super().__init__()
        policies = QtWidgets.QSizePolicy.Policy
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(policies.Preferred, policies.Fixed)
        self.setWidgetResizable(True)
        self.setWidget(content)

    def eventFilter(self, watched: Any, event: Any) -> bool:
        """Notice that the content needs another height, which Qt keeps from the window around."""
        if event.type() == QtCore.QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return bool(super().eventFilter(watched, event))

    def sizeHint(self) -> Any:
        """The content's own size, or as much of it as the screen has room for."""
        wanted = self.widget().minimumSizeHint()
        room = self.screen().availableGeometry().height() - _BESIDE
        return QtCore.QSize(wanted.width(), min(wanted.height(), room))

    def minimumSizeHint(self) -> Any:
        """The same, so that a window grows with it."""
        return self.sizeHint()
