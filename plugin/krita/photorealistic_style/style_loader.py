"""Reads the pixels of a chosen style: files in a thread, so that Krita goes on meanwhile."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from photostyle_protocol.errors import BadImageError, BadInputError, BadLookError

from .sentences import Sentences
from .studio import studio
from .styles import ImageStyle, Style, open_with_krita, read_style


class StyleLoader:
    """Holds one style, the one that was asked for last.

    Attributes:
        style: The style, once it is there.
        error: Why it is not.
    """

    def __init__(self) -> None:
        self.style: Style | None = None
        self.error: BadInputError | None = None
        self._wanted: ImageStyle | None = None
        self._reading: Future[Any] | None = None

    @property
    def busy(self) -> bool:
        """Whether a file is being read."""
        return self._wanted is not None

    def load(self, style: Style) -> None:
        """Take another style."""
        self.style, self.error, self._wanted = None, None, None
        if isinstance(style, ImageStyle) and style.image is None:
            self._wanted = style
            self._reading = studio().readers.submit(read_style, style.name, style.path)
        else:
            self.style = style

    def poll(self) -> bool:
        """Whether the style, or the reason why there is none, has just arrived. Call it often."""
        wanted, reading = self._wanted, self._reading
        if wanted is None or reading is None or not reading.done():
            return False
        self._wanted = None
        error = reading.exception()
        if error is None:
            self.style = reading.result()
        elif isinstance(error, BadLookError):
            self.error = error
        else:
            self._try_krita(wanted)
        return True

    def _try_krita(self, wanted: ImageStyle) -> None:
        image = open_with_krita(wanted.path)
        if image.isNull():
            self.error = BadImageError(Sentences.unreadable.format(name=wanted.path), Sentences.unreadable_hint)
        else:
            self.style = ImageStyle(wanted.name, wanted.path, image)
