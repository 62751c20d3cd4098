"""A row with a button that asks for a file, bound to an argument."""

from __future__ import annotations

from typing import Any

from gi.repository import Gtk

from photostyle_plugin.methods import OptionChoice


class FileRow(Gtk.Box):
    """What GIMP makes no control for: a file that may be missing, which is the engine's to tell.

    Args:
        config: The arguments.
        name: Of the argument.
        option: What it is.
    """

    def __init__(self, config: Any, name: str, option: OptionChoice) -> None:
        super().__init__(orientation=Gtk.Orientation.HORIZONTAL, spacing=6, tooltip_text=option.help)
        self._config = config
        self._name = name
        self._button = Gtk.FileChooserButton(title=option.label, action=Gtk.FileChooserAction.OPEN, hexpand=True)
        self._button.connect("file-set", lambda button: config.set_property(name, button.get_file()))
        config.connect(f"notify::{name}", lambda *_: self._update())
        self.add(Gtk.Label(label=option.label, visible=True))
        self.add(self._button)
        self._button.show()
        self._update()

    def _update(self) -> None:
        """Show the file of the argument."""
        file = self._config.get_property(self._name)
        if file is None:
            self._button.unselect_all()
        else:
            self._button.set_file(file)
