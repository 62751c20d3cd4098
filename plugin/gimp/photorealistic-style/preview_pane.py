"""The preview: before and after in one picture, with a split line that the mouse drags."""

from __future__ import annotations

from collections.abc import Callable

from dialog_words import DialogWords
from gi.repository import Gdk, Gimp, GimpUi, GLib, Gtk
from mnemonics import Mnemonics
from shown import BYTES, Shown, fit

from photostyle_plugin.texts import Words

WIDTH, HEIGHT = 520, 400
_SHADE = b"* { background-color: alpha(currentColor, 0.08); }"
"""Around the picture: a little darker than a light theme, a little lighter than a dark one."""
_STEP = 0.02
_KEYS = {Gdk.KEY_Left: -_STEP, Gdk.KEY_Right: _STEP, Gdk.KEY_Home: -1.0, Gdk.KEY_End: 1.0}


class PreviewPane(Gtk.Box):
    """Shows the picture before and after, the toggles below it, and a caption.

    Args:
        toggled: Called when the person turns the preview on or off.
        keys: Gives out mnemonics.
    """

    def __init__(self, toggled: Callable[[], None], keys: Mnemonics) -> None:
        super().__init__(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        self._before: Shown | None = None
        self._after: Shown | None = None
        self._drawn: tuple[Shown, Shown] | None = None
        self._size = (0, 0)
        self._split = 0.5
        self._area = GimpUi.PreviewArea.new()
        self.pack_start(self._make_frame(), True, True, 0)
        self.pack_start(self._make_toggles(toggled, keys), False, False, 0)
        self.pack_start(self._make_trouble(), False, False, 0)
        self.show_all()
        self._trouble_row.hide()

    @property
    def wanted(self) -> bool:
        """Whether the person wants to see the result."""
        return bool(self._preview.get_active())

    def show_before(self, picture: Shown) -> None:
        """Show an original; the result of another one goes."""
        self._before, self._after = picture, None
        self._fit()

    def show_after(self, picture: Shown | None) -> None:
        """Show a result, or with ``None`` the original alone."""
        if picture is not self._after:
            self._after = picture
            self._fit()

    def say_busy(self, busy: bool) -> None:
        """Say whether a newer result is on its way."""
        self._say("", Words.preview_busy if busy else "")

    def say_trouble(self, text: str) -> None:
        """Say why there is no result."""
        self._say(text, "")

    def _say(self, trouble: str, caption: str) -> None:
        self._caption.set_text(caption)
        self._spinner.set_property("active", bool(caption))
        self._trouble.set_text(trouble)
        self._trouble_row.set_visible(bool(trouble))

    def _make_frame(self) -> Gtk.Widget:
        self._area.set_size_request(WIDTH, HEIGHT)
        self._area.set_color_config(Gimp.get_color_configuration())
        self._area.connect("size-allocate", lambda *_: GLib.idle_add(self._fit))
        self._events = Gtk.EventBox(can_focus=True, tooltip_text=DialogWords.split_tip)
        masks = Gdk.EventMask
        self._events.add_events(masks.BUTTON_PRESS_MASK | masks.BUTTON1_MOTION_MASK)
        self._events.connect("button-press-event", self._on_pointer)
        self._events.connect("motion-notify-event", self._on_pointer)
        self._events.connect("key-press-event", self._on_key)
        shade = Gtk.CssProvider()
        shade.load_from_data(_SHADE)
        self._events.get_style_context().add_provider(shade, Gtk.STYLE_PROVIDER_PRIORITY_APPLICATION)
        self._events.add(self._area)
        frame = Gtk.Frame(shadow_type=Gtk.ShadowType.IN)
        frame.add(self._events)
        return frame

    def _make_toggles(self, toggled: Callable[[], None], keys: Mnemonics) -> Gtk.Widget:
        self._preview = Gtk.CheckButton(label=keys.mark(Words.preview), use_underline=True, active=True)
        self._split_view = Gtk.CheckButton(label=keys.mark(DialogWords.split_view), use_underline=True, active=True)
        self._caption = Gtk.Label(xalign=1.0)
        self._spinner = Gtk.Spinner()
        self._preview.connect("toggled", lambda *_: self._draw())
        self._preview.connect("toggled", lambda *_: toggled())
        self._split_view.connect("toggled", lambda *_: self._draw())
        row = Gtk.Box(spacing=12)
        row.pack_start(self._preview, False, False, 0)
        row.pack_start(self._split_view, False, False, 0)
        row.pack_end(self._spinner, False, False, 0)
        row.pack_end(self._caption, True, True, 0)
        return row

    def _make_trouble(self) -> Gtk.Widget:
        self._trouble = Gtk.Label(xalign=0.0, wrap=True, width_chars=1, selectable=True)
        self._trouble_row = Gtk.Box(spacing=6)
        self._trouble_row.pack_start(Gtk.Image(icon_name=GimpUi.ICON_DIALOG_WARNING), False, False, 0)
        self._trouble_row.pack_start(self._trouble, True, True, 0)
        return self._trouble_row

    def _fit(self) -> bool:
        """Scale both pictures to the room there is; as an idle function, run once."""
        if self._before is not None:
            room = self._area.get_allocation()
            size = fit(self._before.width, self._before.height, room.width, room.height)
            before = self._before.scaled(*size)
            self._drawn = before, self._after.scaled(*size) if self._after else before
            if size != self._size:
                self._size = size
                self._area.set_max_size(*size)
                self._area.queue_resize()
            self._draw()
        return bool(GLib.SOURCE_REMOVE)

    def _draw(self) -> None:
        if self._drawn is None:
            return
        before, after = self._drawn
        line = self._line(before.width)
        self._draw_columns(before, 0, line)
        self._draw_columns(after, line, after.width)
        if 0 < line < before.width:
            self._area.fill(line - 1, 0, 1, before.height, 0, 0, 0)
            self._area.fill(line, 0, 1, before.height, 255, 255, 255)

    def _line(self, width: int) -> int:
        """The column where the result begins."""
        if not self.wanted or self._after is None:
            return width
        return round(self._split * width) if self._split_view.get_active() else 0

    def _draw_columns(self, picture: Shown, first: int, end: int) -> None:
        if first < end:
            start, stride = first * BYTES, picture.width * BYTES
            kind = Gimp.ImageType.RGBA_IMAGE
            self._area.draw(first, 0, end - first, picture.height, kind, picture.pixels[start:], stride)

    def _on_pointer(self, widget: Gtk.Widget, event: Gdk.Event) -> bool:
        if self._drawn is None:
            return False
        widget.grab_focus()
        width = self._drawn[0].width
        margin = (widget.get_allocated_width() - width) / 2
        self._move_split((event.x - margin) / width)
        return True

    def _on_key(self, _widget: Gtk.Widget, event: Gdk.EventKey) -> bool:
        if event.keyval not in _KEYS:
            return False
        self._move_split(self._split + _KEYS[event.keyval])
        return True

    def _move_split(self, place: float) -> None:
        self._split = min(max(place, 0.0), 1.0)
        self._draw()
