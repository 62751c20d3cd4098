"""The style picture: a thumbnail with its name, and the ways to choose another."""

from __future__ import annotations

from typing import Any

from dialog_words import DialogWords
from gi.repository import Gdk, GimpUi, Gio, GLib, Gtk, Pango
from mnemonics import Mnemonics
from shown import Shown, fit
from style_pick import StylePick, file_thumbnail
from style_popovers import OpenPictures, Picked, RecentStyles

from photostyle_plugin.memory import Memory
from photostyle_plugin.texts import Words
from photostyle_protocol.look_file import SUFFIX

THUMBNAIL = 112
_PREVIEW = 256


class StyleChooser(Gtk.Box):
    """Shows the chosen style and lets the person choose.

    Args:
        memory: Knows recent and pinned styles.
        picked: Called with what the person chose.
        keys: Gives out mnemonics.
    """

    def __init__(self, memory: Memory, picked: Picked, keys: Mnemonics) -> None:
        super().__init__(spacing=12)
        self._picked = picked
        self._pick: StylePick | None = None
        self.pack_start(self._make_thumbnail(), False, False, 0)
        self.pack_start(self._make_column(memory, keys), True, True, 0)
        self._accept_files()
        self.show_all()
        self.show_pick(None, None)

    def show_pick(self, pick: StylePick | None, shown: Shown | None) -> None:
        """Show what is chosen now.

        Args:
            pick: The choice; ``None`` where there is none.
            shown: How it looks; ``None`` where it could not be read.
        """
        self._pick = pick
        self._say(pick.name if pick else DialogWords.no_style, pick.details() if pick else DialogWords.drop_here)
        if shown is None:
            self._thumbnail.set_from_icon_name(GimpUi.ICON_DIALOG_IMAGES, Gtk.IconSize.DIALOG)
        else:
            size = fit(shown.width, shown.height, THUMBNAIL, THUMBNAIL)
            self._thumbnail.set_from_pixbuf(shown.scaled(*size).pixbuf())

    def show_loading(self, pick: StylePick | None) -> None:
        """Say that this choice is being loaded."""
        if pick is not None:
            self._say(pick.name, Words.loading)

    def _say(self, name: str, details: str) -> None:
        self._name.set_markup(f"<b>{GLib.markup_escape_text(name)}</b>")
        self._details.set_text(details)
        self._details.set_tooltip_text(details)

    def focus(self) -> None:
        """Make the button that asks for a file the one that Enter presses."""
        self._browse.grab_focus()

    def choose_file(self) -> None:
        """Let the person choose a file in GTK's own dialog."""
        dialog = _file_dialog(self.get_toplevel(), self._pick)
        answer = dialog.run()
        file = dialog.get_file()
        dialog.destroy()
        if answer == Gtk.ResponseType.OK and file is not None:
            self._picked(StylePick(file=file))

    def _make_thumbnail(self) -> Gtk.Widget:
        self._thumbnail = Gtk.Image()
        self._thumbnail.set_size_request(THUMBNAIL, THUMBNAIL)
        button = Gtk.Button(tooltip_text=Words.choose_file, valign=Gtk.Align.START)
        button.add(self._thumbnail)
        button.connect("clicked", lambda *_: self.choose_file())
        return button

    def _make_column(self, memory: Memory, keys: Mnemonics) -> Gtk.Widget:
        column = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        self._name = Gtk.Label(xalign=0.0, ellipsize=Pango.EllipsizeMode.MIDDLE, max_width_chars=24)
        self._details = Gtk.Label(xalign=0.0, ellipsize=Pango.EllipsizeMode.MIDDLE, max_width_chars=24)
        self._details.get_style_context().add_class("dim-label")
        self._browse = Gtk.Button(label=keys.mark(Words.choose_file), use_underline=True)
        self._browse.connect("clicked", lambda *_: self.choose_file())
        menus = Gtk.Box(spacing=6, homogeneous=True)
        menus.add(_menu_button(keys.mark(DialogWords.recent), RecentStyles(memory, self._picked)))
        menus.add(_menu_button(keys.mark(DialogWords.open_images), OpenPictures(self._picked)))
        for widget in (self._name, self._details, self._browse, menus):
            column.pack_start(widget, False, False, 0)
        return column

    def _accept_files(self) -> None:
        self.drag_dest_set(Gtk.DestDefaults.ALL, [], Gdk.DragAction.COPY)
        self.drag_dest_add_uri_targets()
        self.connect("drag-data-received", self._on_drop)

    def _on_drop(self, _widget: Gtk.Widget, _context: Any, _x: int, _y: int, data: Any, *_rest: Any) -> None:
        uris = data.get_uris()
        if uris:
            self._picked(StylePick(file=Gio.File.new_for_uri(uris[0])))


def _menu_button(label: str, popover: Gtk.Popover) -> Gtk.MenuButton:
    box = Gtk.Box(spacing=6, halign=Gtk.Align.CENTER)
    text = Gtk.Label(label=label, use_underline=True)
    box.add(text)
    box.add(Gtk.Image(icon_name="pan-down-symbolic"))
    button = Gtk.MenuButton(popover=popover)
    button.add(box)
    text.set_mnemonic_widget(button)
    return button


def _file_dialog(parent: Gtk.Window, pick: StylePick | None) -> Gtk.FileChooserDialog:
    dialog = Gtk.FileChooserDialog(title=DialogWords.choose_title, transient_for=parent, modal=True)
    dialog.add_button(Words.cancel, Gtk.ResponseType.CANCEL)
    dialog.add_button(DialogWords.choose, Gtk.ResponseType.OK)
    dialog.set_default_response(Gtk.ResponseType.OK)
    if pick is not None and pick.file is not None:
        dialog.set_file(pick.file)
    for name, mime in ((Words.pictures, "image/*"), (Words.all_files, "*/*")):
        kind = Gtk.FileFilter()
        kind.set_name(name)
        kind.add_mime_type(mime)
        kind.add_pattern(f"*{SUFFIX}")
        dialog.add_filter(kind)
    preview = Gtk.Image()
    dialog.set_preview_widget(preview)
    dialog.connect("update-preview", _show_preview, preview)
    return dialog


def _show_preview(dialog: Gtk.FileChooserDialog, image: Gtk.Image) -> None:
    file = dialog.get_preview_file()
    pixbuf = file_thumbnail(file, _PREVIEW, _PREVIEW) if file else None
    image.set_from_pixbuf(pixbuf)
    dialog.set_preview_widget_active(pixbuf is not None)
