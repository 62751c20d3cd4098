"""Preview, styles, controls and state of the backend: what dialog and docker share."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from photostyle_plugin.errors import say
from photostyle_plugin.inputs import missing_style
from photostyle_plugin.texts import Words
from photostyle_plugin.transfer import Transfer
from photostyle_protocol.errors import PhotostyleError

from .controls import Controls
from .gallery import Gallery
from .live_preview import LivePreview
from .presets import PresetRow
from .preview_pane import PreviewPane
from .qt import QtCore
from .queue import Run
from .state_line import StateLine
from .studio import studio
from .style_loader import StyleLoader
from .styles import LookStyle, Style
from .subject import Subject

TICK_MS = 30
GLANCE_SECONDS = 1.0
"""How often it is looked whether the layer or the selection has changed."""


class StylePanel(QtCore.QObject):
    """Widgets that belong together, for a window to arrange.

    Attributes:
        pane: The preview.
        gallery: The styles.
        controls: Everything else that is chosen.
        presets: Named choices, and back to the defaults.
        state: How the backend does.
        ready_changed: Emitted with whether there is all that `apply` needs.
    """

    ready_changed = QtCore.pyqtSignal(bool)

    def __init__(self, window: Any, find_subject: Callable[[], Subject]) -> None:
        """Make the widgets.

        Args:
            window: Nothing happens while it cannot be seen, or while a dialog is open that is another one.
            find_subject: The layer to work on; may raise a `PhotostyleError`.
        """
        super().__init__(window)
        self._window = window
        self._find_subject = find_subject
        self._subject: Subject | None = None
        self._fingerprint: Any = None
        self._glanced = 0.0
        self._loader = StyleLoader()
        self._is_ready = False
        self.pane = PreviewPane()
        self._preview = LivePreview(self.pane)
        self.controls = Controls()
        self.controls.show_choices(studio().memory.last_choices())
        self.presets = PresetRow(self.controls)
        self.state = StateLine()
        self.gallery = Gallery(lambda: self._subject and self._subject.layer)
        self.gallery.chosen.connect(self._choose)
        self.controls.changed.connect(self._request)
        self._timer = QtCore.QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def follow(self) -> None:
        """Look at once which layer is the active one."""
        self._glanced = 0.0

    def apply(self) -> Run:
        """Begin to make the new layer.

        Raises:
            PhotostyleError: Layer or style cannot be used.
        """
        choices = self.controls.choices()
        missing = missing_style(choices, self._loader.style is not None)
        if missing is not None:
            raise (choices.needs_picture and self._loader.error) or missing
        style = self._loader.style if choices.needs_picture else None
        inputs, make_target = self._find_subject().inputs(style, choices)
        studio().memory.remember_choices(choices)
        return studio().queue.start(
            Transfer(studio().session, inputs, make_target, pause=0.0), choices.look_name(style.name if style else "")
        )

    def _choose(self, style: Style) -> None:
        self._loader.load(style)
        self._take_style()

    def _take_style(self) -> None:
        """Show the style that is there now, or that it is being read."""
        self._preview.set_style(self._loader.style)
        self._request()

    def _tick(self) -> None:
        """Go on with everything that happens beside the person's own doing."""
        if not self._window.isVisible() or studio().dialog not in (None, self._window):
            return
        if self._loader.poll():
            self._take_style()
        now = time.monotonic()
        if now - self._glanced > GLANCE_SECONDS:
            self._glanced = now
            self._glance()
        self._preview.poll(self._loading_caption())
        self.state.refresh()

    def _loading_caption(self) -> str:
        if not self.controls.choices().needs_picture:
            return ""
        if self._loader.error is not None:
            return say(self._loader.error)[0]
        return Words.loading if self._loader.busy else ""

    def _glance(self) -> None:
        """Take in another active layer, and what has changed in it."""
        subject, fingerprint = self._look()
        if fingerprint == self._fingerprint:
            return
        self._subject, self._fingerprint = subject, fingerprint
        self._preview.set_subject(subject, fingerprint if subject is None else "")
        self._request()

    def _look(self) -> tuple[Subject | None, Any]:
        """The layer and its fingerprint; without one, why there is none."""
        try:
            subject = self._find_subject()
            return subject, subject.fingerprint()
        except PhotostyleError as error:
            return None, say(error)[0]

    def _allow_selections(self) -> None:
        style = self._loader.style if self.controls.choices().needs_picture else None
        content = self._subject is not None and self._subject.has_selection()
        self.controls.allow_selection(content, style is not None and style.has_selection())
        self.controls.allow_areas(not isinstance(style, LookStyle))

    def _tell_ready(self) -> None:
        missing = missing_style(self.controls.choices(), self._loader.style is not None)
        is_ready = self._subject is not None and missing is None
        if is_ready != self._is_ready:
            self._is_ready = is_ready
            self.ready_changed.emit(is_ready)

    def _request(self) -> None:
        self.gallery.setEnabled(self.controls.choices().needs_picture)
        self._allow_selections()
        self._tell_ready()
        self._preview.request(self.controls.choices())
