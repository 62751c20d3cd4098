"""What the person should know about a layer that is there all the same, over Krita's canvas."""

from __future__ import annotations

from collections.abc import Sequence

from krita import Krita

from .qt import QtGui

_SHOWN_MS = 8000
_MEDIUM = 1


def show(remarks: Sequence[str]) -> None:
    """Show the sentences for a while; nothing where there are none, or no window."""
    window = Krita.instance().activeWindow()
    if remarks and window is not None and window.activeView() is not None:
        window.activeView().showFloatingMessage("\n".join(remarks), QtGui.QIcon(), _SHOWN_MS, _MEDIUM)
