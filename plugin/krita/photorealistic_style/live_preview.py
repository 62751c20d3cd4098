"""The preview that follows the controls: small sRGB pictures go to the backend, and what comes back is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from photostyle_plugin.choices import Choices
from photostyle_plugin.errors import say
from photostyle_plugin.inputs import missing_style
from photostyle_plugin.looks import LookSource
from photostyle_plugin.picture import Source
from photostyle_plugin.preview import Preview
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import DaemonUnavailableError, PhotostyleError

from . import images, proxies
from .preview_pane import PreviewPane
from .studio import studio
from .styles import LookStyle, Style
from .subject import Subject

SIDE = 640
"""Longer side of the pictures; about twice what a docker shows."""


class LivePreview:
    """Feeds one pane.

    Args:
        pane: Where it is shown.
    """

    def __init__(self, pane: PreviewPane) -> None:
        self._pane = pane
        self._preview = Preview(studio().session)
        self._has_content = False
        self._has_style = False
        self._trouble = ""
        self._missing = Words.choose_style

    def set_subject(self, subject: Subject | None, trouble: str = "") -> None:
        """Show another layer, or this one after it has changed; ``None`` shows nothing but why there is none."""
        self._has_content = False
        self._preview.stop()
        self._trouble = trouble
        image: Any | None = None
        if subject is not None:
            try:
                image, source, selection = subject.proxy(SIDE)
                self._preview.set_content(source, selection)
                self._has_content = True
            except PhotostyleError as error:
                self._trouble = say(error)[0]
        self._pane.show_before(image)

    def set_style(self, style: Style | None) -> None:
        """Use another style, whose pixels are there; ``None`` while there is none."""
        self._has_style = False
        self._trouble = ""
        if style is None:
            return
        try:
            self._preview.set_style(*_small(style))
            self._has_style = True
        except PhotostyleError as error:
            self._trouble = say(error)[0]

    def request(self, choices: Choices) -> None:
        """Make it anew with these choices."""
        missing = missing_style(choices, self._has_style)
        if missing is not None:
            self._missing = Words.choose_style if choices.needs_picture else " ".join(say(missing))
            self._preview.stop()
            return
        self._missing = ""
        if self._has_content:
            # How the result is limited makes no difference to what is seen.
            self._preview.request(replace(choices, limit="pixels"))

    def poll(self, note: str = "") -> None:
        """Show what has arrived. Call it often.

        Args:
            note: What to say below the picture instead.
        """
        result = self._preview.poll()
        if self._missing or self._failure() is not None:
            self._pane.show_after(None)
        elif result is not None:
            self._pane.show_after(images.image_of(result.spec, result.pixels))
        self._pane.set_caption(note or self._caption())

    def _failure(self) -> PhotostyleError | None:
        """Why there is no such look; of a lost backend the last line speaks, and the look of before is still true."""
        error = self._preview.error
        return None if isinstance(error, DaemonUnavailableError) else error

    def _caption(self) -> str:
        if self._trouble:
            return self._trouble
        if self._missing:
            return self._missing
        failure = self._failure()
        if failure is not None:
            return say(failure)[0]
        return Words.preview_busy if self._preview.busy else ""


def _small(style: Style) -> tuple[Source, Source | None]:
    """A style as the preview takes it, and its selection."""
    if isinstance(style, LookStyle):
        return LookSource(style.look), None
    image, selection = style.proxy(SIDE), style.selection()
    size = image.width(), image.height()
    return images.ImageSource(image), None if selection is None else proxies.selection_proxy(selection, size)
