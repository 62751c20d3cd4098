"""The dialog of Photorealistic Style: GIMP's own procedure dialog with a preview and a chooser for the style."""

from __future__ import annotations

from typing import Any

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")

from arguments import choices_of, store_choices
from controls import Controls
from gi.repository import Gimp, GimpUi, GLib, Gtk
from live_preview import LivePreview
from mnemonics import Mnemonics
from preset_bar import PresetBar
from preview_pane import PreviewPane
from scrolled import Scrolled
from state_line import StateLine
from style_chooser import StyleChooser
from style_pick import STYLES, StylePick, pick_of

from photostyle_plugin.choices import Choices
from photostyle_plugin.inputs import missing_style
from photostyle_plugin.memory import Memory
from photostyle_plugin.session import Session
from photostyle_plugin.texts import Words

_TICK = 30
"""Milliseconds between two looks at the backend."""


def ask(procedure: Any, config: Any, image: Gimp.Image, layer: Gimp.Layer, session: Session) -> bool:
    """Show the dialog until the person decides; `config` then holds what was chosen.

    Args:
        procedure: The procedure that runs.
        config: Its arguments, filled with the last ones used.
        image: The image of the layer.
        layer: What will be stylized; it is only read.
        session: The conversation with the backend, started.

    Returns:
        Whether the person pressed OK.
    """
    GimpUi.init(procedure.get_name())
    dialog = StyleDialog(procedure, config, image, layer, session)
    try:
        return dialog.run()
    finally:
        dialog.close()


class StyleDialog:
    """One open dialog; see `ask`."""

    def __init__(self, procedure: Any, config: Any, image: Gimp.Image, layer: Gimp.Layer, session: Session) -> None:
        self._config, self._image, self._session = config, image, session
        self._memory = Memory()
        keys = Mnemonics.beside(argument.nick for argument in procedure.get_arguments())
        self._dialog = GimpUi.ProcedureDialog.new(procedure, config, Words.title)
        self._pane = PreviewPane(self._refresh, keys)
        self._chooser = StyleChooser(self._memory, self._choose, keys)
        self._presets = PresetBar(self._memory, lambda: choices_of(config), self._apply_preset, keys)
        self._controls = Controls(self._dialog, config, image, keys)
        self._state = StateLine(session.reconnect, keys)
        self._live = LivePreview(session, layer, self._pane)
        self._has_style = self._is_complete = self._style_changed = False
        self._selection: tuple[Any, ...] | None = None
        self._pack()
        self._changes = config.connect("notify", self._on_notify)
        self._timer = GLib.timeout_add(_TICK, self._tick)

    def run(self) -> bool:
        """Show the dialog and wait for the person."""
        self._shown = self._dialog.connect("map-event", self._on_shown)
        agreed = bool(self._dialog.run())
        if agreed:
            self._remember_style()
        return agreed

    def close(self) -> None:
        """Take the dialog away."""
        GLib.source_remove(self._timer)
        self._live.stop()
        self._config.disconnect(self._changes)
        self._dialog.destroy()

    def _pack(self) -> None:
        right = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=12, visible=True, hexpand=False)
        right.pack_start(self._chooser, False, False, 0)
        right.pack_start(self._controls, False, False, 0)
        middle = Gtk.Box(spacing=12, visible=True)
        middle.pack_start(self._pane, True, True, 0)
        middle.pack_start(Scrolled(right), False, False, 0)
        whole = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=12, border_width=6, visible=True)
        whole.pack_start(self._presets, False, False, 0)
        whole.pack_start(middle, True, True, 0)
        whole.pack_start(self._state, False, False, 0)
        self._dialog.get_content_area().pack_start(whole, True, True, 0)

    def _on_shown(self, *_: Any) -> bool:
        self._dialog.disconnect(self._shown)
        GLib.timeout_add(_TICK, self._begin)
        return False

    def _begin(self) -> bool:
        """Read the pictures, now that the dialog is on the screen: the first reading takes longer than the dialog."""
        self._look_again()
        self._dialog.connect("focus-in-event", lambda *_: self._look_again())
        self._load_style()
        return bool(GLib.SOURCE_REMOVE)

    def _look_again(self) -> bool:
        """Read the layer if another part of it is selected than before, as after a visit to the image."""
        selection = tuple(Gimp.Selection.bounds(self._image)) if self._image.is_valid() else self._selection
        if selection != self._selection:
            self._selection = selection
            self._live.read_layer()
            self._controls.update()
            self._refresh()
        return False

    def _tick(self) -> bool:
        self._state.show_state(self._session.state)
        self._live.tick()
        self._allow()
        return bool(GLib.SOURCE_CONTINUE)

    def _allow(self) -> None:
        can_run = self._is_complete and self._session.state.error is None
        self._dialog.set_response_sensitive(Gtk.ResponseType.OK, can_run)

    def _choose(self, pick: StylePick) -> None:
        pick.write_to(self._config)

    def _on_notify(self, _config: Any, what: Any) -> None:
        if what.name not in STYLES:
            self._refresh()
        elif not self._style_changed:  # one choice sets three arguments
            self._style_changed = True
            GLib.idle_add(self._announce_style)

    def _announce_style(self) -> bool:
        """Say that the style is being loaded; the loading itself waits until that is on the screen."""
        self._style_changed = False
        pick = pick_of(self._config)
        self._chooser.show_loading(pick)
        GLib.timeout_add(_TICK, self._load_style)
        return bool(GLib.SOURCE_REMOVE)

    def _load_style(self) -> bool:
        pick = pick_of(self._config)
        shown = self._live.read_style(self._config) if pick else None
        self._chooser.show_pick(pick, shown)
        self._controls.show_style(pick)
        self._has_style = shown is not None
        self._refresh()
        self._focus_what_comes_next()
        return bool(GLib.SOURCE_REMOVE)

    def _focus_what_comes_next(self) -> None:
        """Enter agrees where a style is chosen, and asks for one where there is none."""
        self._allow()
        if self._is_complete:
            self._dialog.get_widget_for_response(Gtk.ResponseType.OK).grab_focus()
        else:
            self._chooser.focus()

    def _refresh(self) -> None:
        choices = choices_of(self._config)
        self._is_complete = missing_style(choices, self._has_style) is None
        self._chooser.set_sensitive(choices.needs_picture)
        self._presets.show_choices(choices)
        self._live.refresh(choices)

    def _apply_preset(self, choices: Choices) -> None:
        with self._config.freeze_notify():  # on the way from one to the other the choices are neither
            store_choices(self._config, choices)

    def _remember_style(self) -> None:
        pick = pick_of(self._config)
        if pick is not None and pick.file is not None and pick.file.get_path():
            self._memory.remember_style(pick.file.get_path())
