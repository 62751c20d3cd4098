"""What all windows of this Krita share: the session with the backend, what is remembered, and the queue."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from photostyle_plugin.memory import Memory
from photostyle_plugin.session import Session
from photostyle_plugin.texts import use_language

from .qt import QtCore
from .queue import Queue


class Studio(QtCore.QObject):
    """Made at the first use of the plug-in, and ended with Krita.

    Attributes:
        session: The conversation with the backend.
        memory: Styles, presets and last choices of the person.
        queue: What is being made.
        readers: One thread that reads picture files.
        dialog: The dialog that is open; the docker rests meanwhile.
        styles_changed: To be emitted when the remembered styles have changed.
    """

    styles_changed = QtCore.pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        use_language(*QtCore.QLocale().uiLanguages())
        self.session = Session()
        self.memory = Memory()
        self.queue = Queue()
        self.readers = ThreadPoolExecutor(1, "photostyle pictures")
        self.dialog: Any | None = None
        self.session.start()
        QtCore.QCoreApplication.instance().aboutToQuit.connect(self.close)

    def close(self) -> None:
        """End what is under way."""
        self.queue.close()
        self.readers.shutdown(wait=False)
        self.session.close()


@functools.lru_cache(maxsize=1)
def studio() -> Studio:
    """The one studio of this process."""
    return Studio()
