"""What is remembered between runs: styles, presets and the last choices, as JSON in the person's own folder."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from photostyle_plugin.backend import config_dir
from photostyle_plugin.choices import Choices

RECENT = 24
"""Recent styles that are remembered."""


class Memory:
    """Styles, presets and choices, shared by all editors and all their processes.

    Every change reads the file anew and puts a whole new one in place, so that two processes lose at most one entry to
    each other. Nothing here is worth an error: a damaged file is set aside, and what cannot be written is forgotten.

    Args:
        folder: Where the files lie; ``None`` is the person's settings folder.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or config_dir()

    def recent_styles(self) -> list[str]:
        """Paths of style pictures that exist, the newest first, without the pinned ones."""
        pinned = self._paths("pinned")
        return [path for path in self._paths("recent") if path not in pinned and Path(path).is_file()]

    def pinned_styles(self) -> list[str]:
        """Paths of pinned style pictures that exist, in the order in which they were pinned."""
        return [path for path in self._paths("pinned") if Path(path).is_file()]

    def remember_style(self, path: str) -> None:
        """Put a style picture at the head of the recent ones."""
        self._change_styles("recent", lambda paths: [path, *(p for p in paths if p != path)][:RECENT])

    def pin_style(self, path: str) -> None:
        """Keep a style picture at hand for good."""
        self._change_styles("pinned", lambda paths: [*(p for p in paths if p != path), path])

    def unpin_style(self, path: str) -> None:
        """Undo `pin_style`."""
        self._change_styles("pinned", lambda paths: [p for p in paths if p != path])

    def forget_style(self, path: str) -> None:
        """Remove a style picture from both lists."""
        for kind in ("recent", "pinned"):
            self._change_styles(kind, lambda paths: [p for p in paths if p != path])

    def presets(self) -> dict[str, Choices]:
        """Named choices, in the order of their names."""
        saved = self._read("presets")
        return {name: Choices.from_json(saved[name]) for name in sorted(saved, key=str.casefold)}

    def save_preset(self, name: str, choices: Choices) -> None:
        """Save choices under a name; an older preset of that name is replaced."""
        self._write("presets", {**self._read("presets"), name: choices.to_json()})

    def delete_preset(self, name: str) -> None:
        """Forget a preset."""
        self._write("presets", {key: value for key, value in self._read("presets").items() if key != name})

    def last_choices(self) -> Choices:
        """What was chosen the last time; the defaults the first time."""
        return Choices.from_json(self._read("last"))

    def remember_choices(self, choices: Choices) -> None:
        """Remember what was chosen."""
        self._write("last", choices.to_json())

    def _paths(self, kind: str) -> list[str]:
        found = self._read("styles").get(kind)
        return [path for path in found if isinstance(path, str)] if isinstance(found, list) else []

    def _change_styles(self, kind: str, change: Callable[[list[str]], list[str]]) -> None:
        self._write("styles", {**self._read("styles"), kind: change(self._paths(kind))})

    def _read(self, name: str) -> dict[str, Any]:
        path = self._folder / f"{name}.json"
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except OSError:
            return {}
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            return found
        with contextlib.suppress(OSError):
            path.replace(path.with_suffix(".damaged.json"))
        return {}

    def _write(self, name: str, content: dict[str, Any]) -> None:
        # Only where something is kept: what it imports would be felt at an editor's start.
        from photostyle_protocol.connection import write_private

        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_private(self._folder / f"{name}.json", json.dumps(content, indent=1, ensure_ascii=False) + "\n")
