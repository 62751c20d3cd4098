"""The dialog of Photorealistic Style in a running GIMP, used as a person uses it."""

from __future__ import annotations

import contextlib
import io
import time
from pathlib import Path

import numpy as np
from PIL import Image

from support.editors.window import PATIENCE_S, Window
from support.waiting import wait_for

TITLE = "^Photorealistic Style$"
FILE_TITLE = "^Choose a Style Picture$"
PLUG_IN = "photorealistic-style.py"
WINDOW_SIZE = (1400, 900)
CANCEL = (1118, 882)
"""Where Cancel is in an image window of that size."""
Color = tuple[int, int, int]


class GimpDialog:
    """The dialog, and the image window behind it."""

    def __init__(self, window: Window, layers: int = 1) -> None:
        """Wait for the image.

        Args:
            window: GIMP, which opens one image.
            layers: How many layers that has.
        """
        self.window = window
        self.main = self.wait_for_layers(layers)
        self.number = ""

    def wait_for_layers(self, count: int) -> str:
        """Wait until the image has so many layers, as its title says; the number of its window."""
        return self.window.wait_for_window(rf" {count} layers?\).*GIMP$")

    def open(self) -> None:
        """Call the menu entry by GIMP's search for actions."""
        self.number = self.window.search_action(self.main, "photorealistic", TITLE)

    def open_by(self, key: str) -> None:
        """Call it by a key, such as that of *Re-Show Last*."""
        self.window.activate(self.main)
        self.window.key(key)
        self.number = self.window.wait_for_window(TITLE)

    def choose(self, style: Path) -> None:
        """Choose a style picture in the file dialog, which loses keys while it makes room for the name."""
        deadline = time.monotonic() + PATIENCE_S
        chooser = self.window.press_until("alt+i", FILE_TITLE, self.number, lost_s=30.0)
        while self.window.find_windows(FILE_TITLE):
            assert time.monotonic() < deadline, f"the file dialog does not take {style}"
            self.window.activate(chooser)
            self.window.key("ctrl+l")
            time.sleep(0.5)
            self.window.key("ctrl+a")
            self.window.type(str(style))
            self.window.key("Return")
            with contextlib.suppress(AssertionError):
                self.window.wait_until_gone(FILE_TITLE, 3.0)

    def agree(self, key: str = "alt+o") -> None:
        """Press OK as soon as that can be pressed."""
        self._press_until_gone(key)

    def leave(self) -> None:
        """Press Escape."""
        self._press_until_gone("Escape")

    def cancel_in_status_bar(self) -> None:
        """Click GIMP's own Cancel, which is at the right end of the status bar, until the plug-in is gone."""
        deadline = time.monotonic() + PATIENCE_S
        self.window.xdotool("windowsize", self.main, *WINDOW_SIZE)
        while self.window.run.processes(PLUG_IN):
            assert time.monotonic() < deadline, "Cancel does not end the plug-in"
            self.window.activate(self.main)
            self.window.xdotool("mousemove", "--window", self.main, *CANCEL, "click", 1)
            time.sleep(0.5)

    def wait_for_color(self, color: Color, share: float) -> None:
        """Wait until so much of the dialog has exactly this colour.

        Args:
            color: RGB, 0–255.
            share: 0–1.
        """
        wait_for(lambda: self.share_of(color) >= share, PATIENCE_S, f"{share:.0%} of {color} in the dialog")

    def share_of(self, color: Color) -> float:
        """How much of the dialog has exactly this colour, 0–1."""
        return float((self.pixels() == np.array(color, np.uint8)).all(axis=2).mean())

    def pixels(self) -> np.ndarray:
        """(H, W, 3) uint8: the dialog as it is on the screen."""
        png = self.window.tool("import", "-window", self.number, "png:-")
        return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))

    def _press_until_gone(self, key: str) -> None:
        """Press a key while the dialog is there and in front; one more press would go to the image."""
        deadline = time.monotonic() + PATIENCE_S
        while self.window.find_windows(TITLE):
            assert time.monotonic() < deadline, f"{key} does not close the dialog"
            self.window.xdotool("windowactivate", self.number, check=False)
            time.sleep(0.3)
            if self.window.xdotool("getactivewindow", check=False).strip() == self.number:
                self.window.key(key)
                time.sleep(0.7)
