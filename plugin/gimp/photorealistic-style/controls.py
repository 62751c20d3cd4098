"""The controls for everything but the style picture, made by GIMP from the arguments of the procedure."""

from __future__ import annotations

from typing import Any

from dialog_words import DialogWords
from gi.repository import Gimp, GObject, Gtk
from method_options import MethodOptions
from mnemonics import Mnemonics
from style_pick import StylePick

from photostyle_plugin.methods import method_named
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
        self._image = image
        get = dialog.get_widget
        self._style_area = self._add(get("style-area", GObject.TYPE_NONE))
        self._area = self._add(get("apply-to", GObject.TYPE_NONE))
        self._limit = self._add(get("limit", GObject.TYPE_NONE))
        self._method = self._add(get("method", GObject.TYPE_NONE))
        self._add(dialog.get_spin_scale("strength", 100.0))
        self._add(get("detail", GObject.TYPE_NONE))
        self._add(get("keep-luminance", GObject.TYPE_NONE))
        self._match = self._add(get("match-areas", GObject.TYPE_NONE))
        self._add(MethodOptions(dialog, config, keys.mark(Words.advanced)))
        for name in ("apply-to", "method"):
            config.connect(f"notify::{name}", lambda *_: self.update())
        self.update()

    def show_style(self, pick: StylePick | None) -> None:
        """Offer the style's selection and its areas where there can be some."""
        has_areas = pick is None or not pick.is_look
        self._match.set_sensitive(has_areas)
        self._match.set_tooltip_text(Words.match_areas_tip if has_areas else Words.no_areas_tip)
        owner = pick.owner if pick else None
        can_choose = owner is not None and not Gimp.Selection.is_empty(owner)
        self._style_area.set_sensitive(can_choose)
        self._style_area.set_tooltip_text(None if can_choose else DialogWords.no_style_selection)

    def update(self) -> None:
        """Offer what makes sense with what is selected and chosen now."""
        is_selected = not Gimp.Selection.is_empty(self._image)
        limited = is_selected and self._config.get_property("apply-to") == "selection"
        self._area.set_sensitive(is_selected)
        self._area.set_tooltip_text(None if is_selected else DialogWords.no_selection)
        self._limit.set_sensitive(limited)
        self._method.set_tooltip_text(method_named(self._config.get_property("method")).blurb)

    def _add(self, widget: Gtk.Widget) -> Gtk.Widget:
        widget.show()
        self.pack_start(widget, False, False, 0)
        return widget
