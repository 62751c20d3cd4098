"""The preview that follows the controls: small pictures go to the daemon once, settings as often as they change."""

from __future__ import annotations

from typing import Any

from formats import forming
from gi.repository import Gimp
from preview_pane import PreviewPane
from proxies import content_proxy, selection_proxy, style_mask_proxy, style_proxy
from shown import Shown, from_pixbuf, to_screen
from sources import Proxy
from style_pick import look_pixbuf
from styles import Style, open_style

from photostyle_plugin.choices import Choices
from photostyle_plugin.errors import TargetGoneError, say
from photostyle_plugin.inputs import missing_style
from photostyle_plugin.looks import LookSource
from photostyle_plugin.preview import Preview, PreviewResult
from photostyle_plugin.session import Session
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import BadMaskError, DaemonUnavailableError, PhotostyleError


class LivePreview:
    """Keeps the pane up to date with the layer, the style and the choices.

    Args:
        session: The conversation with the backend.
        layer: What will be stylized; only read.
        pane: Where to show it.
    """

    def __init__(self, session: Session, layer: Gimp.Layer, pane: PreviewPane) -> None:
        self._preview = Preview(session)
        self._layer, self._pane = layer, pane
        self._content: Proxy | None = None
        self._beside: BadMaskError | None = None
        self._style_trouble: PhotostyleError | None = None
        self._has_style = self._style_is_limited = False
        self._awaited = False

    def read_layer(self) -> None:
        """Take in the layer, if it still is there, and the selection on it."""
        if not self._layer.is_valid():
            return
        self._content, mask, self._beside = content_proxy(self._layer), None, None
        try:
            mask = selection_proxy(self._layer)
        except BadMaskError as error:
            self._beside = error
        self._preview.set_content(self._content, mask)
        self._pane.show_before(_on_screen(self._content, self._content.pixels))

    def read_style(self, config: Any) -> Shown | None:
        """Take in the style that the config names.

        Returns:
            The style for the screen; ``None`` where there is none, or where it cannot be read: then the pane says why.
        """
        self._has_style, self._style_trouble = False, None
        self._pane.show_after(None)
        try:
            if not self._layer.is_valid():
                raise TargetGoneError(Words.layer_gone)
            with open_style(config) as style:
                return self._take(style)
        except PhotostyleError as error:
            self._style_trouble = error
            return None
        finally:
            Gimp.progress_end()  # loading a file has begun one

    def _take(self, style: Style) -> Shown:
        """Give the preview a style; returns how it looks."""
        if style.look is not None:
            self._preview.set_style(LookSource(style.look))
            self._has_style, self._style_is_limited = True, False
            return from_pixbuf(look_pixbuf(style.look))
        source, mask = style_proxy(style, self._layer), style_mask_proxy(style)
        self._preview.set_style(source, mask)
        self._has_style, self._style_is_limited = True, mask is not None
        return _on_screen(source, source.pixels)

    def refresh(self, choices: Choices) -> None:
        """Ask for the look of these choices, if the person wants to see it."""
        trouble = self._trouble(choices)
        self._awaited = trouble is None and self._pane.wanted and self._content is not None
        if self._awaited:
            self._preview.request(choices)
        self._say(trouble)

    def tick(self) -> None:
        """Show what has arrived; to be called every few hundredths of a second."""
        result = self._preview.poll()
        if result is not None and self._awaited and self._content is not None:
            self._pane.show_after(_result_on_screen(self._content, result))
        if self._awaited:
            self._say(self._preview.error)

    def stop(self) -> None:
        """Want nothing more; the backend is free for the real job."""
        self._preview.stop()

    def _trouble(self, choices: Choices) -> PhotostyleError | None:
        """Why these choices cannot be shown."""
        missing = missing_style(choices, self._has_style)
        if missing is not None:
            return self._style_trouble if choices.needs_picture else missing
        if choices.area == "selection" and self._beside is not None:
            return self._beside
        if choices.needs_picture and choices.style_area == "selection" and not self._style_is_limited:
            return BadMaskError(Words.style_selects_nothing, Words.style_selects_nothing_hint)
        return None

    def _say(self, error: PhotostyleError | None) -> None:
        if error is None or isinstance(error, DaemonUnavailableError):  # of that the dialog's last line speaks
            self._pane.say_busy(self._awaited and self._preview.busy)
        else:
            self._pane.show_after(None)
            self._pane.say_trouble(" ".join(say(error)))


def _result_on_screen(content: Proxy, result: PreviewResult) -> Shown:
    form = forming(content.format, result.spec.channels == 4) if result.is_forming else content.format.babl
    return to_screen(result.spec.width, result.spec.height, result.pixels, form)


def _on_screen(source: Proxy, pixels: bytes) -> Shown:
    return to_screen(source.spec.width, source.spec.height, pixels, source.format.babl)
