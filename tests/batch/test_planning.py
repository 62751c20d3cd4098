"""From words to jobs, before any picture is opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from photostyle.batch.job import Job
from photostyle.batch.planning import plan
from photostyle.batch.shard import Shard
from photostyle.batch.wanted import Wanted
from photostyle_protocol.errors import BadInputError, BadOptionError
from photostyle_protocol.request import Settings


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("in/a.jpg", "in/x/b.tiff", "s.jpg", "t.png", "masks/a.png", "masks/x/b.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def wanted(**changes: object) -> Wanted:
    return Wanted(**{"out": Path("out"), "settings": Settings(), "styles": (Path("s.jpg"),), **changes})  # type: ignore[arg-type]


def names(jobs: list[Job]) -> list[str]:
    return [job.name for job in jobs]


def listed(here: Path, *rows: dict[str, object]) -> str:
    (here / "list").mkdir(exist_ok=True)
    (here / "list/w.json").write_text(json.dumps(rows))
    return "list/w.json"


@pytest.mark.usefixtures("here")
def test_names_formats_and_folders_are_kept() -> None:
    assert names(plan(["in"], wanted(), recursive=True)) == ["a.jpg", "x/b.tiff"]


@pytest.mark.usefixtures("here")
def test_several_styles_are_told_apart() -> None:
    both = wanted(styles=(Path("s.jpg"), Path("t.png")))
    assert names(plan(["in/a.jpg"], both)) == ["a-s.jpg", "a-t.jpg"]
    assert names(plan(["in/a.jpg"], wanted(pattern="{style}/{method}/{stem}.png"))) == ["s/rest/a.png"]


@pytest.mark.parametrize("pattern", ["{stem}{size}", "{stem", "../{stem}.png", "/{stem}.png", "{stem!r}.png", ""])
@pytest.mark.usefixtures("here")
def test_patterns_that_name_nothing_are_refused(pattern: str) -> None:
    if pattern:
        with pytest.raises(BadOptionError, match="--name"):
            plan(["in"], wanted(pattern=pattern))
    else:
        assert names(plan(["in"], wanted(pattern=pattern))) == ["a.jpg"], "no pattern is none"


@pytest.mark.usefixtures("here")
def test_clashes_are_refused_before_work_starts() -> None:
    with pytest.raises(BadInputError, match=r"Two results would be called one\.png"):
        plan(["in/a.jpg", "s.jpg"], wanted(pattern="one.png"))
    with pytest.raises(BadInputError, match="also the folder of results"):
        plan(["in"], wanted(out=Path("in")))
    with pytest.raises(BadInputError, match="would overwrite an input"):
        plan(["in/a.jpg"], wanted(out=Path("in")))
    with pytest.raises(BadInputError, match="would overwrite an input"):
        plan(["in/a.jpg"], wanted(out=Path(), pattern="t.png", styles=(Path("t.png"),)))


@pytest.mark.usefixtures("here")
def test_masks_go_with_their_stem() -> None:
    jobs = plan(["in"], wanted(masks=Path("masks")), recursive=True)
    assert [job.asked.mask for job in jobs] == [Path("masks/a.png").absolute(), Path("masks/x/b.png").absolute()]
    Path("masks/x/b.png").rename("masks/b.png")
    jobs = plan(["in"], wanted(masks=Path("masks")), recursive=True)
    assert jobs[1].asked.mask == Path("masks/b.png").absolute()
    Path("masks/a.webp").touch()
    with pytest.raises(BadInputError, match="both masks of"):
        plan(["in"], wanted(masks=Path("masks")))
    Path("masks/b.png").unlink()
    with pytest.raises(BadInputError, match=r"no mask for in/x/b\.tiff"):
        plan(["in/x"], wanted(masks=Path("masks")))
    with pytest.raises(BadInputError, match="contradict"):
        plan(["in"], wanted(masks=Path("masks"), mask=Path("m.png")))


def test_a_row_says_what_is_different(here: Path) -> None:
    rows = [
        {"content": "x/a.jpg", "method": "reinhard", "strength": "0.5", "keep_luminance": "yes", "style": "/s.png"},
        {"content": "../in/a.jpg", "output": "there/b.png", "option": "fidelity=0.25", "mask": "m.png"},
    ]
    jobs = plan([listed(here, *rows)], wanted(settings=Settings(options={"residual": "1.5"})))
    assert names(jobs) == ["x/a.jpg", "there/b.png"]
    first, second = (job.asked for job in jobs)
    assert first.settings == Settings("reinhard", 0.5, True)
    assert (first.content, first.style) == (here / "list/x/a.jpg", Path("/s.png"))
    assert dict(second.settings.options) == {"residual": "1.5", "fidelity": "0.25"}
    assert (second.style, second.mask) == (here / "s.jpg", here / "list/m.png")


def test_regions_of_a_row(here: Path) -> None:
    rows = [
        {"content": "a.jpg", "region": ["sky.png=s.jpg@0.5", "sea.png=t.jpg=tm.png"]},
        {"content": "b.jpg", "region": "ff0000=s.jpg", "content_regions": "map.png"},
    ]
    jobs = plan([listed(here, *rows)], wanted(styles=()))
    (sky, sea), (red,) = (job.asked.regions for job in jobs)
    assert (sky.where, sky.style, sky.strength) == (str(here / "list/sky.png"), here / "list/s.jpg", 0.5)
    assert sea.style_mask == here / "list/tm.png"
    assert red.where == "ff0000"


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({"content": "a.jpg", "strength": "much"}, "much"),
        ({"content": "a.jpg", "strength": 7}, "entry 1"),
        ({"content": "a.jpg", "keep_luminance": "perhaps"}, "perhaps"),
        ({"content": "a.jpg", "method": "nosuch"}, "nosuch"),
        ({"content": "a.jpg", "output": "../a.jpg"}, "leaves the folder"),
        ({"content": "a.jpg", "style_regions": "m.png"}, "without --content-regions"),
    ],
)
def test_a_bad_row_is_refused_by_name(here: Path, row: dict[str, object], word: str) -> None:
    with pytest.raises(BadInputError, match=word) as refused:
        plan([listed(here, row)], wanted())
    assert "entry 1" in refused.value.message


@pytest.mark.usefixtures("here")
def test_nothing_to_do_is_refused() -> None:
    Path("empty").mkdir()
    with pytest.raises(BadInputError, match="no photograph"):
        plan(["empty"], wanted())
    with pytest.raises(BadInputError, match="No style"):
        plan(["in"], wanted(styles=()))


def test_shards_share_the_work_by_name_alone(here: Path) -> None:
    for number in range(40):
        (here / "in" / f"{number}.png").touch()
    jobs = plan(["in"], wanted())
    parts = [[job.name for job in jobs if Shard(i, 3).holds(job)] for i in (1, 2, 3)]
    assert sorted(name for part in parts for name in part) == sorted(names(jobs))
    assert min(map(len, parts)) > 5
    fewer = plan(["in/1*.png"], wanted())
    assert all((job.name in parts[0]) == Shard(1, 3).holds(job) for job in fewer)


@pytest.mark.parametrize("word", ["0/2", "3/2", "1", "a/b", "-1/2"])
def test_shards_that_are_none(word: str) -> None:
    with pytest.raises(BadOptionError, match="--shard"):
        Shard.parse(word)
