"""The help page: it comes with the plug-in and needs no network."""

from __future__ import annotations

from pathlib import Path

from dialog_words import DialogWords
from gi.repository import Gdk, GLib, Gtk

PAGE = Path(__file__).parent / "help" / "index.html"


def show_help(parent: Gtk.Window) -> None:
    """Open the help page in the person's browser; where there is none, say where it lies."""
    try:
        Gtk.show_uri_on_window(parent, PAGE.as_uri(), Gdk.CURRENT_TIME)
    except GLib.Error:
        _say_where(parent)


def _say_where(parent: Gtk.Window) -> None:
    dialog = Gtk.MessageDialog(
        transient_for=parent,
        modal=True,
        message_type=Gtk.MessageType.INFO,
        buttons=Gtk.ButtonsType.CLOSE,
        text=DialogWords.help_where,
        secondary_text=str(PAGE),
    )
    dialog.run()
    dialog.destroy()
