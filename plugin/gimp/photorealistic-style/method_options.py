"""The options of the chosen method, behind an expander."""

from __future__ import annotations

from typing import Any

from arguments import option_argument
from dialog_words import DialogWords
from file_row import FileRow
from gi.repository import GObject, Gtk

from photostyle_plugin.methods import METHODS, MethodChoice, OptionChoice, method_named


class MethodOptions(Gtk.Expander):
    """Shows the options of the method in the config, and only those.

    Args:
        dialog: The procedure dialog, which makes the controls.
        config: Its arguments; an option's is named METHOD-OPTION.
        label: With a mnemonic.
    """

    def __init__(self, dialog: Any, config: Any, label: str) -> None:
        super().__init__(label=label, use_underline=True)
        self._pages = {method.name: _page(dialog, config, method) for method in METHODS}
        pages = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, margin_top=6, margin_start=12)
        for page in self._pages.values():
            pages.add(page)
        pages.show()
        self.add(pages)
        config.connect("notify::method", self._show_page)
        self._show_page(config)
        self.show()

    def _show_page(self, config: Any, _what: Any = None) -> None:
        chosen = config.get_property("method")
        for name, page in self._pages.items():
            page.set_visible(name == chosen)
        if method_named(chosen).style_file is not None:
            self.set_expanded(True)


def _page(dialog: Any, config: Any, method: MethodChoice) -> Gtk.Widget:
    page = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
    for option in method.options:
        control = _control(dialog, config, option_argument(method, option), option)
        control.show()
        page.add(control)
    if not method.options:
        label = Gtk.Label(label=DialogWords.no_options, xalign=0.0, visible=True)
        label.get_style_context().add_class("dim-label")
        page.add(label)
    return page


def _control(dialog: Any, config: Any, name: str, option: OptionChoice) -> Gtk.Widget:
    if option.is_file:
        return FileRow(config, name, option)
    if option.choices:
        return dialog.get_widget(name, GObject.TYPE_NONE)
    return dialog.get_spin_scale(name, 1.0)
