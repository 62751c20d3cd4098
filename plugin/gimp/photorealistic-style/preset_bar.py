"""Named presets: choose one, save the settings as one, delete one; as above GIMP's own filters."""

from __future__ import annotations

from collections.abc import Callable

from dialog_words import DialogWords
from gi.repository import Gtk
from mnemonics import Mnemonics

from photostyle_plugin.choices import Choices
from photostyle_plugin.memory import Memory
from photostyle_plugin.texts import Words


class PresetBar(Gtk.Box):
    """One row: the presets, a button to save, a button to delete.

    Args:
        kept: Where presets are kept.
        current: Gives what the dialog shows now.
        apply: Puts a preset into the dialog.
        keys: Gives out mnemonics.
    """

    def __init__(
        self, kept: Memory, current: Callable[[], Choices], apply: Callable[[Choices], None], keys: Mnemonics
    ) -> None:
        super().__init__(spacing=6)
        self._kept, self._current, self._apply = kept, current, apply
        self._combo = Gtk.ComboBoxText()
        self._combo.connect("changed", self._on_chosen)
        label = Gtk.Label(label=keys.mark(DialogWords.presets), use_underline=True, mnemonic_widget=self._combo)
        save = _icon_button("list-add", DialogWords.save_preset_tip, self._on_save)
        self._delete = _icon_button("edit-delete", Words.delete_preset, self._on_delete)
        self.pack_start(label, False, False, 0)
        self.pack_start(self._combo, True, True, 0)
        self.pack_start(save, False, False, 0)
        self.pack_start(self._delete, False, False, 0)
        self._refill(None)
        self.show_all()

    def show_choices(self, choices: Choices) -> None:
        """Name the preset that these choices are, if they are one."""
        name = self._combo.get_active_id()
        if name is not None and self._kept.presets().get(name) != choices:
            self._combo.set_active(-1)

    def _refill(self, name: str | None) -> None:
        self._combo.remove_all()
        for known in self._kept.presets():
            self._combo.append(known, known)
        if name is not None:
            self._combo.set_active_id(name)
        self._delete.set_sensitive(name is not None)

    def _on_chosen(self, combo: Gtk.ComboBoxText) -> None:
        name = combo.get_active_id()
        self._delete.set_sensitive(name is not None)
        choices = self._kept.presets().get(name) if name else None
        if choices is not None and choices != self._current():
            self._apply(choices)

    def _on_save(self, _button: Gtk.Button) -> None:
        name = _ask_name(self.get_toplevel())
        if name:
            self._kept.save_preset(name, self._current())
            self._refill(name)

    def _on_delete(self, _button: Gtk.Button) -> None:
        name = self._combo.get_active_id()
        if name and _confirm(self.get_toplevel(), DialogWords.delete_question.format(name=name), DialogWords.delete):
            self._kept.delete_preset(name)
            self._refill(None)


def _icon_button(icon: str, tip: str, clicked: Callable[[Gtk.Button], None]) -> Gtk.Button:
    button = Gtk.Button(relief=Gtk.ReliefStyle.NONE, tooltip_text=tip)
    button.add(Gtk.Image(icon_name=icon))
    button.connect("clicked", clicked)
    return button


def _ask_name(parent: Gtk.Window) -> str:
    dialog = Gtk.Dialog(title=DialogWords.save_preset_title, transient_for=parent, modal=True)
    dialog.add_button(Words.cancel, Gtk.ResponseType.CANCEL)
    dialog.add_button(DialogWords.save, Gtk.ResponseType.OK)
    dialog.set_default_response(Gtk.ResponseType.OK)
    entry = Gtk.Entry(activates_default=True, width_chars=32)
    label = Gtk.Label(label=Words.preset_name, mnemonic_widget=entry, xalign=0.0)
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6, border_width=12)
    box.add(label)
    box.add(entry)
    dialog.get_content_area().add(box)
    dialog.show_all()
    answer = dialog.run()
    name = entry.get_text().strip()
    dialog.destroy()
    return name if answer == Gtk.ResponseType.OK else ""


def _confirm(parent: Gtk.Window, question: str, verb: str) -> bool:
    dialog = Gtk.MessageDialog(transient_for=parent, modal=True, message_type=Gtk.MessageType.QUESTION, text=question)
    dialog.add_button(Words.cancel, Gtk.ResponseType.CANCEL)
    dialog.add_button(verb, Gtk.ResponseType.OK)
    answer = dialog.run()
    dialog.destroy()
    return bool(answer == Gtk.ResponseType.OK)
