"""What became of one job: a line of the manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple

Status = Literal["done", "failed", "skipped"]


@dataclass(frozen=True)
class Record:
    """One finished job.

    Attributes:
        job: Its name.
        status: ``done``, ``failed``, or ``skipped`` where a resumed batch found it done.
        key: Digest of all that decides the result, see `Recipe`.
        inputs: The files by what they are for: name and SHA-256.
        options: How the picture was stylized.
        version: Of Photostyle.
        time: When it ended, ISO 8601 in UTC.
        seconds: From the beginning of reading to the end of writing.
        output: SHA-256 of the result's file.
        notices: What a person should know about the result.
        error: What went wrong, one sentence and a hint.
    """

    job: str
    status: Status
    key: str
    inputs: Mapping[str, Mapping[str, str]]
    options: Mapping[str, Any]
    version: str
    time: str
    seconds: float
    output: str | None = None
    notices: Sequence[str] = field(default_factory=tuple)
    error: str | None = None

    def line(self) -> str:
        """As one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


class Done(NamedTuple):
    """What counts of a finished job for whoever resumes: its key, and the digest of its result's file."""

    key: str
    output: str


def done_in(line: str) -> tuple[str, Done] | None:
    """The job that a line of a manifest says is done; ``None`` for every other line, a torn one included."""
    try:
        entry = json.loads(line)
        job, key, output = entry["job"], entry["key"], entry["output"]
    except (ValueError, TypeError, KeyError):
        return None
    is_done = entry.get("status") == "done" and all(isinstance(word, str) for word in (job, key, output))
    return (job, Done(key, output)) if is_done else None
