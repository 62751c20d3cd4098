"""Turns a plug-in on and off in Krita's file of settings, leaving every other byte as it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from photostyle.installing.payload import KRITA_NAME

_HEADER = re.compile(r"^\[python\][ \t]*\r?$", re.MULTILINE)
_NEXT_HEADER = re.compile(r"^\[", re.MULTILINE)
_KEY = f"enable_{KRITA_NAME}"
_LINE = re.compile(rf"^{_KEY}=[^\r\n]*(\r?\n|\Z)", re.MULTILINE)


def is_on(text: str) -> bool:
    """Whether the settings have the plug-in on."""
    found = _LINE.search(_group(text)[1])
    return found is not None and found[0].strip() == f"{_KEY}=true"


def turned_on(text: str) -> str:
    """The settings with the plug-in on."""
    newline = "\r\n" if "\r\n" in text else "\n"
    before, group, after = _group(text)
    line = f"{_KEY}=true{newline}"
    if _LINE.search(group):
        return before + _LINE.sub(line, group, count=1) + after
    if group:
        header, _, entries = group.partition("\n")
        return f"{before}{header.rstrip()}{newline}{line}{entries}{after}"
    gap = "" if not text or text.endswith(newline * 2) else newline if text.endswith("\n") else newline * 2
    return f"{text}{gap}[python]{newline}{line}"


def turned_off(text: str) -> str:
    """The settings without the plug-in, and without its group if that is empty then."""
    before, group, after = _group(text)
    rest = _LINE.sub("", group)
    if rest != group and not rest.partition("\n")[2].strip():
        rest = ""
        before = before if after else before.rstrip() + ("\r\n" if "\r\n" in before else "\n") * bool(before.strip())
    return before + rest + after


def rewrite(path: Path, change: Callable[[str], str]) -> bool:
    """Apply `turned_on` or `turned_off` to the file.

    Returns:
        Whether anything had to be changed.
    """
    text = path.read_bytes().decode("utf-8", "surrogateescape") if path.is_file() else ""
    wanted = change(text)
    if wanted == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(wanted.encode("utf-8", "surrogateescape"))
    return True


def _group(text: str) -> tuple[str, str, str]:
    """What is before the group of Python plug-ins, the group with its header, and what is after it."""
    header = _HEADER.search(text)
    if not header:
        return text, "", ""
    following = _NEXT_HEADER.search(text, header.end())
    end = following.start() if following else len(text)
    return text[: header.start()], text[header.start() : end], text[end:]
