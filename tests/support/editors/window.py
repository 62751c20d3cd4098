"""An editor with its window, on a display of its own, driven as a person drives it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from support.editors.run import Run
from support.waiting import wait_for

TREE_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
LARGEST_MESSAGE = 640 * 480
PATIENCE_S = 60.0
"""Until a window shows: GIMP and Krita take 3 to 6 s on an idle machine."""


class Window:
    """A running editor, its display, and a hand on keyboard and mouse.

    A context manager: at the end the editor is ended with all that it has started, unsaved or not. When the body fails,
    the screen is kept as ``lost.png`` beside what the editor printed.
    """

    def __init__(self, command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> None:
        """Start the editor.

        Args:
            command: The command line, which puts the editor on a display of its own.
            folder: For screenshots and what the editor prints.
            variables: Added to the environment.
        """
        self.folder = folder
        display = folder / "display"
        display.unlink(missing_ok=True)
        self.run = Run(command, folder, {**variables, "EDITORS_DISPLAY_FILE": str(display)})
        try:
            self.display = wait_for(lambda: self._alive()._display_in(display), PATIENCE_S, "a display")
        except BaseException:
            self.run.stop()
            raise

    def __enter__(self) -> Window:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if error is not None:
                error.add_note(self._last_look())
        finally:
            self.run.stop()

    def _display_in(self, file: Path) -> str:
        return file.read_text().strip() if file.exists() else ""

    def _last_look(self) -> str:
        if self.run.process.poll() is not None:
            return self.run.tail()
        screen = self.screenshot(self.folder / "lost.png")
        return f"windows: {self.titles()}\nscreen: {screen}\n{self.run.tail()}"

    def tool(self, *command: str, check: bool = True) -> bytes:
        """What a program of the tree, as xdotool or ImageMagick's, prints when it is run on this display."""
        # The editor's own process is the door to its mounts.
        root = f"/proc/{self.run.process.pid}/root"
        variables = {"DISPLAY": self.display, "PATH": TREE_PATH, "LANG": "C.UTF-8", "HOME": "/tmp"}
        full = ["chroot", root, "/usr/bin/env", *command]
        done = subprocess.run(full, env=variables, cwd="/", capture_output=True, timeout=PATIENCE_S, check=False)
        assert done.returncode == 0 or not check, done.stderr.decode()
        return done.stdout

    def xdotool(self, *arguments: str | int, check: bool = True) -> str:
        """What xdotool prints."""
        return self.tool("xdotool", *map(str, arguments), check=check).decode()

    def find_windows(self, title: str) -> list[str]:
        """Numbers of the windows to be seen whose title matches a pattern, as xdotool takes it, the lowest first."""
        return self.xdotool("search", "--onlyvisible", "--name", title, check=False).split()

    def wait_for_window(self, title: str, seconds: float = PATIENCE_S) -> str:
        """Number of the window whose title matches, once there is one."""
        return wait_for(lambda: self._alive().find_windows(title), seconds, f"a window called {title!r}")[0]

    def wait_for_class(self, name: str, seconds: float = PATIENCE_S) -> str:
        """Number of the main window of a class, once there is one; Krita's has no title, and small ones come first."""
        return wait_for(lambda: self._alive()._largest(name), seconds, f"a large window of {name}")

    def wait_until_gone(self, title: str, seconds: float = PATIENCE_S) -> None:
        """Wait until no window has such a title."""
        wait_for(lambda: not self._alive().find_windows(title), seconds, f"the end of the window {title!r}")

    def titles(self) -> list[str]:
        """Titles of all windows to be seen."""
        return [self.xdotool("getwindowname", number, check=False).strip() for number in self.find_windows(".")]

    def activate(self, window: str) -> None:
        """Bring a window to the front, so that keys go to it."""
        # xdotool's own --sync waits for ever where the first request is lost.
        self.xdotool("windowactivate", window, check=False)
        wait_for(lambda: self._is_active(window), PATIENCE_S, f"window {window} to come to the front")

    def key(self, *keys: str) -> None:
        """Press keys one after the other, ``"ctrl+z"``; they go to the active window, as from a keyboard."""
        self.xdotool("key", "--delay", 50, *keys)

    def press_until(self, key: str, title: str, main: str, seconds: float = PATIENCE_S, lost_s: float = 3.0) -> str:
        """Press a key on a window, again and again, until a window with such a title shows; return that one.

        An editor drops keys while it opens a picture, and nothing says when it has done so.

        Args:
            key: The key.
            title: Title of the window.
            main: Where the key goes.
            seconds: When to give up.
            lost_s: When the key counts as lost; long where a second press would do more.
        """
        deadline = time.monotonic() + seconds
        while True:
            self.activate(main)
            self.key(key)
            try:
                return self.wait_for_window(title, lost_s)
            except AssertionError:
                if time.monotonic() > deadline:
                    raise

    def search_action(self, main: str, words: str, title: str) -> str:
        """Call a menu entry by GIMP's search for actions, until a window with such a title shows; return that one.

        Args:
            main: The image window.
            words: Part of the menu entry's label that only it has.
            title: Title of what it opens.
        """
        self.activate(self.press_until("slash", "^Search Actions$", main, lost_s=15.0))
        self.type(words)
        time.sleep(0.5)
        self.key("Return")
        return self.wait_for_window(title)

    def type(self, text: str) -> None:
        """Type text."""
        self.xdotool("type", "--delay", 30, text)

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Click at a place of the screen, in pixels."""
        self.xdotool("mousemove", x, y, "click", button)

    def screenshot(self, path: Path, window: str = "root") -> Path:
        """Save what is on the screen, or one window of it with its frame, as PNG."""
        path.write_bytes(self.tool("import", *(["-frame"] if window != "root" else []), "-window", window, "png:-"))
        return path

    def _is_active(self, window: str) -> bool:
        if self.xdotool("getactivewindow", check=False).strip() == window:
            return True
        self._alive().xdotool("windowactivate", window, check=False)
        return False

    def _largest(self, name: str) -> str:
        """Number of a class's largest window to be seen that is larger than a message, or nothing."""
        windows = self.xdotool("search", "--onlyvisible", "--class", name, check=False).split()
        return max((w for w in windows if self._area(w) > LARGEST_MESSAGE), key=self._area, default="")

    def _area(self, window: str) -> int:
        shell = self.xdotool("getwindowgeometry", "--shell", window, check=False)
        sides = dict(line.split("=") for line in shell.splitlines())
        return int(sides.get("WIDTH", 0)) * int(sides.get("HEIGHT", 0))

    def _alive(self) -> Window:
        assert self.run.process.poll() is None, f"the editor has ended\n{self.run.tail()}"
        return self
