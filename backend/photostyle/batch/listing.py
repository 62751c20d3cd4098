"""Lists of work, as a spreadsheet or a program writes them: CSV, or JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from photostyle_protocol.errors import BadInputError

COLUMNS = (
    "content",
    "style",
    "mask",
    "content_regions",
    "style_regions",
    "output",
    "strength",
    "keep_luminance",
    "region",
    "regions",
    "method",
    "option",
    "model",
    "finish",
)
"""As the options of ``photostyle stylize`` are called."""
MANY = ("region", "option")
"""Of these a row may have several: a list in JSON, separated by semicolons in CSV."""


class Row(NamedTuple):
    """One line of a list.

    Attributes:
        where: The list and the line, for people.
        folder: What its file names start from: the list's own folder.
        values: What is given, by column.
    """

    where: str
    folder: Path
    values: dict[str, tuple[str, ...]]

    def text(self, column: str) -> str | None:
        """A column of which there is one."""
        return next(iter(self.values.get(column, ())), None)

    def path(self, column: str) -> Path | None:
        """A column that names a file."""
        text = self.text(column)
        return None if text is None else self.folder / Path(text).expanduser()


def read_list(path: Path) -> list[Row]:
    """The rows of a list.

    Args:
        path: A CSV file with a line of column names, or a JSON file with a list of objects.

    Raises:
        BadInputError: It cannot be read, has unknown columns, or a row without a content.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = list(_of_json(text) if path.suffix.lower() == ".json" else _of_csv(text))
    except (OSError, ValueError, csv.Error) as error:
        raise BadInputError(
            f"The list {path} cannot be read: {error}.", "It is UTF-8 text; see docs/batch.md."
        ) from None
    return [_row(f"{path}, {where}", path.parent, given) for where, given in rows]


def _of_csv(text: str) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    reader = csv.DictReader(text.splitlines(), strict=True)
    for given in reader:
        if None in given:
            raise ValueError(f"line {reader.line_num} has more cells than columns")
        yield f"line {reader.line_num}", {name: value for name, value in given.items() if value}


def _of_json(text: str) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    entries = json.loads(text)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("it is no list of objects")
    for number, entry in enumerate(entries, 1):
        yield f"entry {number}", {name: value for name, value in entry.items() if value is not None}


def _row(where: str, folder: Path, given: Mapping[Any, Any]) -> Row:
    unknown = [str(name) for name in given if name not in COLUMNS]
    if unknown:
        raise BadInputError(f"{where}: there is no column {unknown[0]!r}.", f"There are: {', '.join(COLUMNS)}.")
    if not given.get("content"):
        raise BadInputError(f"{where} names no content.", "Each row names the photograph to change.")
    return Row(where, folder, {name: _words(where, name, value) for name, value in given.items()})


def _words(where: str, name: str, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - what JSON holds
    several = value if isinstance(value, list) else str(value).split(";") if name in MANY else [value]
    if not all(isinstance(word, str | int | float) for word in several) or (name not in MANY and len(several) != 1):
        raise BadInputError(f"{where}: {name} is not understood.", "Give a text or a number.")
    return tuple(str(word).strip() for word in several if str(word).strip())
