"""What opens below the chooser's buttons: recent styles, and everything that is open in GIMP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from dialog_words import DialogWords
from gi.repository import GimpUi, Gio, GLib, Gtk, Pango
from style_pick import StylePick, open_pictures

from photostyle_plugin.memory import Memory
from photostyle_plugin.texts import Words

RECENT_SIZE = 96
ROW_SIZE = 32
_MOST_HEIGHT = 360
_INDENT = 18
Picked = Callable[[StylePick], None]


def fill_later(steps: Iterator[Any], widget: Gtk.Widget) -> None:
    """Do one step whenever GTK is idle, as long as the widget is on the screen."""

    def step() -> bool:
        return widget.get_mapped() and next(steps, _END) is not _END

    GLib.idle_add(step)


_END = object()


class StylePopover(Gtk.Popover):
    """A popover that is filled anew each time it opens.

    Args:
        picked: Called with what the person clicked.
    """

    def __init__(self, picked: Picked) -> None:
        super().__init__()
        self._picked = picked
        self._scrolled = Gtk.ScrolledWindow(
            hscrollbar_policy=Gtk.PolicyType.NEVER,
            propagate_natural_height=True,
            propagate_natural_width=True,
            max_content_height=_MOST_HEIGHT,
            border_width=6,
        )
        self.add(self._scrolled)
        self._scrolled.show()
        self.connect("map", lambda *_: self._refill())

    def _refill(self) -> None:
        old = self._scrolled.get_child()
        if old is not None:
            self._scrolled.remove(old)
        content = self.make_content()
        self._scrolled.add(content)
        content.show_all()

    def make_content(self) -> Gtk.Widget:
        """What the popover shows now."""
        raise NotImplementedError

    def pick(self, pick: StylePick) -> None:
        """Close and say what was clicked."""
        self.popdown()
        self._picked(pick)


class RecentStyles(StylePopover):
    """The style files used before, pinned ones first, as a grid of thumbnails.

    Args:
        memory: Knows them.
        picked: Called with what the person clicked.
    """

    def __init__(self, memory: Memory, picked: Picked) -> None:
        super().__init__(picked)
        self._memory = memory

    def make_content(self) -> Gtk.Widget:
        """A grid of buttons, or a sentence where there is nothing yet."""
        pinned, recent = self._memory.pinned_styles(), self._memory.recent_styles()
        if not pinned and not recent:
            return Gtk.Label(label=DialogWords.recent_empty, margin=12)
        grid = Gtk.FlowBox(selection_mode=Gtk.SelectionMode.NONE, min_children_per_line=4, max_children_per_line=4)
        tiles = [_tile(StylePick(file=Gio.File.new_for_path(path)), self.pick) for path in (*pinned, *recent)]
        for (button, _, _), path in zip(tiles, (*pinned, *recent), strict=True):
            grid.add(self._with_star(button, path, path in pinned))
        for child in grid.get_children():
            child.set_can_focus(False)  # the button in it takes the focus
        fill_later(_load(tiles, RECENT_SIZE), self)
        return grid

    def _with_star(self, tile: Gtk.Widget, path: str, is_pinned: bool) -> Gtk.Widget:
        tip = Words.unpin if is_pinned else Words.pin
        star = Gtk.ToggleButton(label="★" if is_pinned else "☆", active=is_pinned, tooltip_text=tip)
        star.set_relief(Gtk.ReliefStyle.NONE)
        star.set_halign(Gtk.Align.END)
        star.set_valign(Gtk.Align.START)
        star.connect("toggled", self._on_star, path)
        overlay = Gtk.Overlay()
        overlay.add(tile)
        overlay.add_overlay(star)
        return overlay

    def _on_star(self, star: Gtk.ToggleButton, path: str) -> None:
        if star.get_active():
            self._memory.pin_style(path)
        else:
            self._memory.unpin_style(path)
        self._refill()


class OpenPictures(StylePopover):
    """Every image that is open in GIMP, with its layers below it."""

    def make_content(self) -> Gtk.Widget:
        """A list of rows."""
        rows = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        tiles = [_row(pick, depth, self.pick) for pick, depth in open_pictures()]
        for button, _image, _pick in tiles:
            rows.add(button)
        fill_later(_load(tiles, ROW_SIZE), self)
        return rows


Tile = tuple[Gtk.Button, Gtk.Image, StylePick]


def _tile(pick: StylePick, picked: Picked) -> Tile:
    image = Gtk.Image(icon_name=GimpUi.ICON_DIALOG_IMAGES, pixel_size=48)
    image.set_size_request(RECENT_SIZE, RECENT_SIZE)
    label = Gtk.Label(label=pick.name, ellipsize=Pango.EllipsizeMode.MIDDLE, max_width_chars=12)
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=3)
    box.add(image)
    box.add(label)
    return _button(box, pick, picked), image, pick


def _row(pick: StylePick, depth: int, picked: Picked) -> Tile:
    image = Gtk.Image(icon_name=GimpUi.ICON_DIALOG_IMAGES, margin_start=depth * _INDENT)
    image.set_size_request(ROW_SIZE, ROW_SIZE)
    label = Gtk.Label(label=pick.name, xalign=0.0, ellipsize=Pango.EllipsizeMode.MIDDLE, width_chars=28)
    box = Gtk.Box(spacing=6)
    box.add(image)
    box.pack_start(label, True, True, 0)
    return _button(box, pick, picked), image, pick


def _button(child: Gtk.Widget, pick: StylePick, picked: Picked) -> Gtk.Button:
    tip = pick.details()
    button = Gtk.Button(relief=Gtk.ReliefStyle.NONE, tooltip_text=f"{pick.name}\n{tip}" if tip else pick.name)
    button.add(child)
    button.connect("clicked", lambda *_: picked(pick))
    return button


def _load(tiles: Iterable[Tile], size: int) -> Iterator[None]:
    for _, image, pick in tiles:
        found = pick.thumbnail(size, size)
        if found is not None:
            image.set_from_pixbuf(found)
        yield
