"""What Krita gets at its start; everything heavier waits until it is used."""

from __future__ import annotations

from typing import Any

from krita import DockWidget, DockWidgetFactory, DockWidgetFactoryBase, Extension

from .paths import reach_modules
from .qt import QtCore, QtWidgets

NAME = "photorealistic_style"
_LABEL = "Photorealistic Style…"
_NEEDS_NO_TRANSLATION = ("en", "C")


class StyleExtension(Extension):
    """Puts the action into the menu."""

    def setup(self) -> None:
        """Nothing before the first window."""

    def createActions(self, window: Any) -> None:
        """Add the action to a new window."""
        action = window.createAction(NAME, _LABEL, "tools/scripts")
        action.setText(_label())
        action.triggered.connect(self.open_dialog)

    def open_dialog(self) -> None:
        """Ask for a style for the active layer."""
        reach_modules()
        from .dialog import open_dialog

        open_dialog()


class StyleDocker(DockWidget):
    """The docker; empty until the pointer comes to it: Krita shows it at every start, wanted or not."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(_label().rstrip(" …"))
        self._panel: Any | None = None
        self.setWidget(QtWidgets.QLabel(_label()))

    def enterEvent(self, event: Any) -> None:
        """Fill it."""
        self.fill()
        super().enterEvent(event)

    def fill(self) -> None:
        """Make the panel, once."""
        if self._panel is None:
            reach_modules()
            from .docker import DockerPanel

            self._panel = DockerPanel()
            self.setWidget(self._panel)

    def canvasChanged(self, canvas: Any) -> None:
        """Follow the person to another document."""
        if self._panel is not None:
            self._panel.follow()


def _label() -> str:
    """The name of the command in Krita's language; only where that needs a translation, something is imported."""
    languages = QtCore.QLocale().uiLanguages()
    if not languages or languages[0].partition("-")[0] in _NEEDS_NO_TRANSLATION:
        return _LABEL
    reach_modules()
    from photostyle_plugin.texts import Words, use_language

    use_language(*languages)
    return str(Words.menu)


def register(application: Any) -> None:
    """Tell Krita what there is."""
    application.addExtension(StyleExtension(application))
    place = DockWidgetFactoryBase.DockPosition.DockRight
    application.addDockWidgetFactory(DockWidgetFactory(NAME, place, StyleDocker))
