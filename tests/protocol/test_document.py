"""docs/protocol.md says what the code does."""

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from photostyle.daemon import jobs, sessions, store
from photostyle_protocol import errors, limits
from photostyle_protocol.color_space import ColorSpace, Curve
from photostyle_protocol.images import ImageSpec, digest
from photostyle_protocol.messages import FROM_CLIENT, FROM_DAEMON
from photostyle_protocol.request import RegionRef, Settings, StylizeRequest
from photostyle_protocol.status import DaemonStatus

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, flags=re.MULTILINE | re.DOTALL))


def rows(section: str) -> list[list[str]]:
    lines = [line for line in SECTIONS[section].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]


def documented(section: str) -> dict[str, list[str]]:
    """Keys of each message in a table whose first two columns are type and key."""
    found: dict[str, list[str]] = {}
    name = ""
    for first, second, *_ in rows(section):
        if second.startswith("`"):
            name = first.strip("`") or name
            found.setdefault(name, []).extend(re.findall(r"`(\w+)`", second))
    return found


@pytest.mark.parametrize(
    ("section", "table"),
    [("Messages to the daemon", FROM_CLIENT), ("Messages from the daemon", FROM_DAEMON)],
)
def test_every_message_and_key(section: str, table: dict) -> None:
    known = {name: [field.name for field in fields(cls)] for name, cls in table.items()}
    assert {name: keys for name, keys in documented(section).items() if name in known} == known


@pytest.mark.parametrize(
    ("cls", "heading"),
    [
        (StylizeRequest, "request"),
        (RegionRef, "region"),
        (ColorSpace, "space"),
        (Curve, "curve of tone"),
        (Settings, "Settings"),
    ],
)
def test_every_key_of_a_request_with_its_default(cls: type, heading: str) -> None:
    text = re.split(rf"^(?:An? )?\*{heading}\*", SECTIONS["Messages to the daemon"], flags=re.MULTILINE)[1]
    table = re.match(r"[^|]*((?:\|.*\n)+)", text).group(1)
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    optional = {f.name: f.default is not MISSING or f.default_factory is not MISSING for f in fields(cls)}
    assert {row[0].strip("`"): bool(row[2]) for row in cells} == optional


def test_every_key_of_a_status() -> None:
    named = {cells[0].strip("`") for cells in rows("Messages from the daemon")}
    assert {field.name for field in fields(DaemonStatus)} <= named


def test_every_error_code() -> None:
    named = {cells[0].strip("`") for cells in rows("Errors")} - {"code", "---"}
    assert named == set(errors._tree(errors.PhotostyleError))


def test_limits() -> None:
    table = {cells[0]: cells[1].split(" bytes")[0].split(" (")[0] for cells in rows("Transport")}
    assert table["header frame"] == str(limits.HEADER_BYTES)
    assert table["pixel frame"] == str(limits.BAND_BYTES)
    assert table["frames in a message"] == str(limits.FRAMES)
    assert table["pixels in a picture (height × width)"] == str(limits.PIXELS)
    assert table["regions in a request"] == str(limits.REGIONS)
    assert table["waiting jobs of one client, of all"] == f"{jobs.JOBS_PER_CLIENT}, {jobs.JOBS}"
    assert table["pictures that one client is sending at the same time"] == str(store.HALF_PUTS)
    assert table["clients"] == str(sessions.SESSIONS)
    assert table["messages queued in a socket"] == str(limits.HIGH_WATER)
    assert table["handshake of a new connection"] == f"{limits.HANDSHAKE_MS // 1000} s"
    assert table["silence of a client, after which it is taken for gone"] == f"{limits.SILENCE_SECONDS:g} s"


def test_the_example_digest_and_the_version() -> None:
    assert digest(ImageSpec(1, 1, 1, "uint8"), b"\0") in PAGE
    assert f"version is **{limits.PROTOCOL}**" in PAGE
