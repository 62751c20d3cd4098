"""Previews: the newest wins, and pixels cross the wire once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from photostyle_plugin.inputs import Inputs
from photostyle_plugin.looks import LookSource
from photostyle_plugin.preview_run import Held, PreviewResult, PreviewRun
from photostyle_protocol.errors import DaemonUnavailableError, PhotostyleError

if TYPE_CHECKING:
    from photostyle_plugin.choices import Choices
    from photostyle_plugin.picture import Source
    from photostyle_plugin.session import Session

__all__ = ["Preview", "PreviewResult"]

PATIENCE_SECONDS = 1.0
"""A preview that has run for so long gives way to a newer one; a younger one is let finish, and shown."""


@dataclass(frozen=True)
class _Pictures:
    """A picture and its selection, in memory."""

    picture: Held
    mask: Held | None


class Preview:
    """Turns every change of the controls into a picture, as fast as the backend can.

    For the editor's thread; no method waits for the backend. At most one preview runs and one waits; a newer choice
    takes the place of the waiting one.

    Args:
        session: The conversation with the backend.

    Attributes:
        error: Why the newest preview is not there; ``None`` where all is well.
    """

    def __init__(self, session: Session) -> None:
        self.error: PhotostyleError | None = None
        self._session = session
        self._content: _Pictures | None = None
        self._style: _Pictures | None = None
        self._style_is_look = False
        self._choices: Choices | None = None
        self._waits = False
        self._run: PreviewRun | None = None
        self._result: PreviewResult | None = None

    def set_content(self, source: Source, selection: Source | None = None) -> None:
        """Read the content's proxy and its selection at once; keep them to about half a megapixel."""
        self._content = _read(source, selection)
        self._start_over()

    def set_style(self, source: Source, mask: Source | None = None) -> None:
        """Read the style's proxy, or a look, and its selection at once; keep them to about half a megapixel."""
        self._style, self._style_is_look = _read(source, mask), isinstance(source, LookSource)
        self._start_over()

    def request(self, choices: Choices) -> None:
        """Ask for a preview; call it on every move of a slider."""
        self._choices, self._waits = choices, True
        self._advance()

    def poll(self) -> PreviewResult | None:
        """The newest preview that is finished, once, or what there is so far; call it some 30 times a second."""
        self._advance()
        result, self._result = self._result, None
        return result or (self._run.forming() if self._run is not None else None)

    def stop(self) -> None:
        """Want no preview any more, until the next request."""
        self._waits = False
        if self._run is not None:
            self._run.cancel()
            self._run = None

    @property
    def busy(self) -> bool:
        """Whether a newer preview is on its way."""
        return self._run is not None or (self._waits and self._can_run)

    @property
    def _can_run(self) -> bool:
        needs_picture = self._choices is None or self._choices.needs_picture
        return self._content is not None and (self._style is not None or not needs_picture)

    def _start_over(self) -> None:
        self.stop()
        self._result = None
        if self._choices is not None:
            self.request(self._choices)

    def _advance(self) -> None:
        """Take in what has ended, and begin what waits."""
        if self._run is not None and self._run.outcome.done():
            self._take(self._run)
            self._run = None
        self._waits = self._waits or self._should_retry()
        is_free = self._run is None or time.monotonic() - self._run.since > PATIENCE_SECONDS
        if self._waits and self._can_run and is_free:
            self._waits = False
            self._begin()

    def _should_retry(self) -> bool:
        """Whether the backend is there again after it was lost."""
        return isinstance(self.error, DaemonUnavailableError) and self._session.state.kind == "ready"

    def _take(self, run: PreviewRun) -> None:
        error = run.outcome.exception()
        self.error = error if isinstance(error, PhotostyleError) else None
        if error is None:
            self._result = run.outcome.result()

    def _begin(self) -> None:
        if self._content is None or self._choices is None:
            return
        style, style_mask = (None, None) if self._style is None else (self._style.picture, self._style.mask)
        inputs = Inputs(
            self._content.picture,
            style,
            self._content.mask,
            style_mask,
            self._choices,
            style_is_look=self._style_is_look,
        )
        self.error = None
        # The daemon lets it take the place of the one that still runs.
        self._run = PreviewRun(self._session, inputs)


def _read(source: Source, mask: Source | None) -> _Pictures:
    return _Pictures(Held(source), None if mask is None else Held(mask))
