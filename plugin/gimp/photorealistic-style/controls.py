"""The controls for everything but the style picture, made by GIMP from the arguments of the procedure."""

from __future__ import annotations

from typing import Any

from gi.repository import Gimp, GimpUi, GObject, Gtk
from method_options import MethodOptions
from mnemonics import Mnemonics
from style_pick import StylePick

from photostyle_plugin.texts import Words


class Controls(Gtk.Box):
    """A column of GIMP's own controls, bound to the arguments.

    Args:
        dialog: The procedure dialog, which makes the controls.
        config: The arguments.
        image: The image that is worked on.
        keys: Gives out mnemonics.
    """

    def __init__(self, dialog: Any, config: Any, image: Gimp.Image, keys: Mnemonics) -> None:
        super().__init__(orientation=Gtk.Orientation.VERTICAL, spacing=6, visible=True)
        self._config = config
        self._is_selected = not Gimp.Selection.is_empty(image)
        get = dialog.get_widget
        self._style_area = self._add(get("style-area", GObject.TYPE_NONE))
        self._area = self._add(get("apply-to", GObject.TYPE_NONE))
        self._limit = self._add(get("limit", GObject.TYPE_NONE))
        self._add(get("method", GObject.TYPE_NONE))
        self._add(dialog.get_spin_scale("strength", 100.0))
        self._add(get("detail", GObject.TYPE_NONE))
        self._add(get("keep-luminance", GObject.TYPE_NONE))
        self._add(MethodOptions(dialog, config, Words.advanced))
        for widget in self.get_children():
            _mark(widget, keys)
        config.connect("notify::apply-to", lambda *_: self._update())
        self._update()

    def show_style(self, pick: StylePick | None) -> None:
        """Offer the style's selection where there can be one."""
        owner = pick.owner if pick else None
        self._style_area.set_sensitive(owner is not None and not Gimp.Selection.is_empty(owner))

    def _add(self, widget: Gtk.Widget) -> Gtk.Widget:
        widget.show()
        self.pack_start(widget, False, False, 0)
        return widget

    def _update(self) -> None:
        limited = self._is_selected and self._config.get_property("apply-to") == "selection"
        self._area.set_sensitive(self._is_selected)
        self._limit.set_sensitive(limited)


def _mark(widget: Gtk.Widget, keys: Mnemonics) -> None:
    """Give a control its key."""
    if isinstance(widget, GimpUi.Labeled):
        label = widget.get_label()
        label.set_text_with_mnemonic(keys.mark(label.get_text()))
    else:
        widget.set_label(keys.mark(widget.get_label()))
        if isinstance(widget, Gtk.CheckButton | Gtk.Expander):
            widget.set_use_underline(True)
