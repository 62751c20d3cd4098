"""Room for controls: all that they need, as far as the screen has it."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

_BESIDE = 290
"""Pixels that a screen needs for what is above and below the controls: presets, messages, buttons, a title bar."""


class Scrolled(Gtk.ScrolledWindow):
    """Shows a widget whole, and scrolls it where the dialog would become higher than the screen.

    Args:
        content: May grow and shrink.
    """

    def __init__(self, content: Gtk.Widget) -> None:
        super().__init__(hscrollbar_policy=Gtk.PolicyType.NEVER, overlay_scrolling=False, visible=True)
        self.add(content)

    def do_get_preferred_height(self) -> tuple[int, int]:
        """GTK's question: the smallest height, with which the dialog grows, and the best one."""
        height = min(self.get_child().get_preferred_height()[1], _screen_height() - _BESIDE)
        return height, height


def _screen_height() -> int:
    """What docks and panels leave of the screen."""
    display = Gdk.Display.get_default()
    monitor = display.get_primary_monitor() or display.get_monitor(0)
    return int(monitor.get_workarea().height)
