"""Lists of work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from photostyle.batch.listing import read_list
from photostyle_protocol.errors import BadInputError


def test_both_forms_say_the_same(tmp_path: Path) -> None:
    csv_list, json_list = tmp_path / "work.csv", tmp_path / "work.json"
    csv_list.write_text(
        'content,style,strength,option\r\n"a, b.jpg",s.jpg,0.5,fidelity=0.2;residual=1\r\nc.jpg,,,\r\n',
        encoding="utf-8-sig",
    )
    entry = {"content": "a, b.jpg", "style": "s.jpg", "strength": 0.5, "option": ["fidelity=0.2", "residual=1"]}
    json_list.write_text(json.dumps([entry, {"content": "c.jpg", "style": None}]))
    first, second = read_list(csv_list), read_list(json_list)
    assert [row.values for row in first] == [row.values for row in second]
    assert first[0].values["option"] == ("fidelity=0.2", "residual=1")
    assert first[0].path("content") == tmp_path / "a, b.jpg"
    assert first[1].path("style") is None


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("w.csv", "content,colour\na.jpg,red\n", "line 2: there is no column 'colour'"),
        ("w.csv", "content,style\n,s.jpg\n", "line 2 names no content"),
        ("w.csv", "content\na.jpg,b.jpg\n", "line 2 has more cells"),
        ("w.json", '[{"content": "a.jpg"}, 3]', "no list of objects"),
        ("w.json", "{", "cannot be read"),
        ("w.json", '[{"content": "a.jpg", "strength": {"x": 1}}]', "strength is not understood"),
        ("w.json", '[{"content": ["a.jpg", "b.jpg"]}]', "content is not understood"),
    ],
)
def test_a_bad_list_is_refused_by_its_line(tmp_path: Path, name: str, text: str, word: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BadInputError, match=word):
        read_list(tmp_path / name)


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="cannot be read"):
        read_list(tmp_path / "w.csv")
