"""The one line in Krita's settings, among lines that are the person's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photostyle.installing.kritarc import is_on, rewrite, turned_off, turned_on

LINE = "enable_photorealistic_style=true"
OTHERS = "x=1\n\n[python]\nenable_hello=true\nenable_zz=false\n\n[theme]\nTheme=Krita dark\n"

names = st.sampled_from(["theme", "python", "Python", "hotkeys", "python][sub"])
entries = st.sampled_from(["enable_hello=true", "enable_photorealistic_style_too=true", "a=[python]", "z=ä", ""])
groups = st.builds(lambda name, lines: "\n".join([f"[{name}]", *lines]) + "\n", names, st.lists(entries))
settings = st.builds(lambda head, found: head + "\n".join(found), st.sampled_from(["", "x=1\n\n"]), st.lists(groups))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"[python]\n{LINE}\n"),
        ("x=1\n", f"x=1\n\n[python]\n{LINE}\n"),
        ("x=1", f"x=1\n\n[python]\n{LINE}\n"),
        ("[python]\n", f"[python]\n{LINE}\n"),
        ("[python]\nenable_photorealistic_style=false\nb=1\n", f"[python]\n{LINE}\nb=1\n"),
        (OTHERS, OTHERS.replace("[python]\n", f"[python]\n{LINE}\n")),
        (OTHERS.replace("\n", "\r\n"), OTHERS.replace("[python]\n", f"[python]\n{LINE}\n").replace("\n", "\r\n")),
    ],
)
def test_turned_on(before: str, after: str) -> None:
    assert turned_on(before) == after
    assert is_on(after)
    assert not is_on(before)


@pytest.mark.parametrize("before", ["", "x=1\n", OTHERS, OTHERS.replace("\n", "\r\n"), "[theme]\nTheme=dark\n"])
def test_turned_off_is_as_before(before: str) -> None:
    assert turned_off(turned_on(before)) == before


@given(settings)
def test_nothing_else_changes(before: str) -> None:
    after = turned_on(before)
    assert is_on(after)
    assert turned_on(after) == after
    added = {LINE, "[python]"}
    assert [line for line in after.split("\n") if line and line not in added] == [
        line for line in before.split("\n") if line and line not in added
    ]
    assert not is_on(turned_off(after))


def test_the_file_is_written_only_if_needed(tmp_path: Path) -> None:
    file = tmp_path / "config" / "kritarc"
    assert rewrite(file, turned_on)
    assert file.read_text() == f"[python]\n{LINE}\n"
    assert not rewrite(file, turned_on)
    file.write_bytes(b"name=\xff\xfe\r\n")
    rewrite(file, turned_on)
    assert file.read_bytes() == f"name=\r\n\r\n[python]\r\n{LINE}\r\n".encode().replace(b"name=", b"name=\xff\xfe")


def test_a_file_that_is_not_there_stays_so(tmp_path: Path) -> None:
    assert not rewrite(tmp_path / "kritarc", turned_off)
    assert not list(tmp_path.iterdir())
