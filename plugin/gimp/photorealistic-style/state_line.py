"""The line that says in plain words how the backend does, and what to do where it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gi.repository import GimpUi, Gtk, Pango
from mnemonics import Mnemonics

from photostyle_plugin.texts import Words

_TROUBLE = ("absent", "failed")


class StateLine(Gtk.Box):
    """A sign, a sentence and, where something is wrong, a button.

    Args:
        try_again: Called when the person wants the backend to be looked for again.
        keys: Gives out mnemonics.
    """

    def __init__(self, try_again: Callable[[], None], keys: Mnemonics) -> None:
        super().__init__(spacing=6)
        self._shown: Any = None
        self._icon = Gtk.Image()
        self._spinner = Gtk.Spinner(active=True, no_show_all=True)
        self._text = Gtk.Label(xalign=0.0, selectable=True, wrap=True, wrap_mode=Pango.WrapMode.WORD_CHAR)
        self._again = Gtk.Button(label=keys.mark(Words.try_again), use_underline=True, no_show_all=True)
        self._again.connect("clicked", lambda *_: try_again())
        self.pack_start(self._icon, False, False, 0)
        self.pack_start(self._spinner, False, False, 0)
        self.pack_start(self._text, True, True, 0)
        self.pack_start(self._again, False, False, 0)
        self.show_all()

    def show_state(self, state: Any) -> None:
        """Show how the session's backend does now; cheap where nothing has changed."""
        if state == self._shown:
            return
        self._shown = state
        trouble, starting = state.kind in _TROUBLE, state.kind == "starting"
        self._text.set_text("  ".join(part for part in (state.sentence(), state.hint()) if part))
        self._icon.set_from_icon_name(
            GimpUi.ICON_DIALOG_WARNING if trouble else GimpUi.ICON_DIALOG_INFORMATION, Gtk.IconSize.MENU
        )
        self._icon.set_visible(not starting)
        self._spinner.set_visible(starting)
        self._again.set_visible(trouble)
