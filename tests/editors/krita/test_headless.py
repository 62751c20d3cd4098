"""The plug-in in Krita's engine: what it reads, what it writes, and that it is what the engine makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.save_look import make_look
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle_plugin.choices import Choices
from photostyle_protocol.color_space import LINEAR_LIGHT
from photostyle_protocol.look_file import parse_look
from photostyle_protocol.progress import unfollowed
from support.command_line import photostyle
from support.daemon import RunningDaemon
from support.editors.krita import Krita
from support.editors.tree import EditorTree

IN_KRITA = Path(__file__).parent / "in_krita.py"
FAST = {"method": "monge-kantorovich"}
LINEAR = "sRGB-elle-V2-g10.icc"
CURVED = "sRGB-elle-V2-srgbtrc.icc"
WIDE = "ClayRGB-elle-V4-srgbtrc.icc"


class Made(NamedTuple):
    """A job that Krita has done: what it said, and the pixels as they crossed the wire."""

    said: dict[str, Any]
    content: Pixels
    style: Pixels
    result: Pixels
    selection: Pixels | None
    choices: dict[str, Any]


Make = Callable[[str], Made]

JOBS: dict[str, dict[str, Any]] = {
    "u8": {"choices": {"method": "rest"}},
    "u16": {"space": ["RGBA", "U16", CURVED]},
    "f16": {"space": ["RGBA", "F16", LINEAR]},
    "f32": {"space": ["RGBA", "F32", LINEAR], "scale": 3.0, "select": [40, 20, 60, 50, 8]},
    "f32 curved": {"space": ["RGBA", "F32", CURVED]},
    "grey": {"space": ["GRAYA", "U8", "Gray-D50-elle-V2-srgbtrc.icc"]},
    "wide": {"space": ["RGBA", "U16", WIDE]},
    "group": {"kind": "group", "move": [-20, 15]},
    "clone": {"kind": "clone"},
    "filter": {"kind": "filter"},
    "inner": {"kind": "inner"},
    "beyond": {"grow": 30},
    "moved": {"move": [-37, 21], "select": [-10, 30, 80, 60, 5]},
    "selection": {"select": [40, 20, 60, 50, 8], "choices": {"method": "rest"}},
    "mask": {"select": [40, 20, 60, 50, 8], "choices": {"limit": "mask"}},
    "whole layer": {"select": [40, 20, 60, 50, 8], "choices": {"area": "layer", "limit": "mask"}},
    "own space": {"own_space": ["RGBA", "U16", CURVED]},
    "open style": {"style_by": "open", "style_select": [10, 10, 50, 40], "choices": {"style_area": "selection"}},
    "style layer": {"style_by": "layer", "space": ["RGBA", "F32", LINEAR]},
    "style by Krita": {"style_by": "krita"},
    "turned style": {"style": "turned.jpg"},
    "deep style": {"style": "deep.png"},
    "look": {"style": "cat.look"},
    "linear look": {"style": "cat.look", "space": ["RGBA", "F32", LINEAR]},
    "broken look": {"style": "broken.look"},
    "nothing selected": {"select": [5000, 5000, 10, 10, 0]},
    "empty": {"kind": "empty"},
    "lab": {"space": ["LABA", "U16", "Lab identity built-in"]},
    "closed": {"meanwhile": "close"},
    "removed": {"meanwhile": "remove"},
}
"""What each job is made of; `in_krita.prepare` says what the words mean."""

REFUSALS = [
    ("nothing selected", "bad_mask", "holds no pixel"),
    ("empty", "bad_image", "is empty"),
    ("lab", "bad_image", "LABA"),
    ("broken look", "bad_look", "damaged"),
    ("closed", "target_gone", "closed"),
    ("removed", "target_gone", "not there any more"),
]
ORDINARY = [
    name
    for name, job in JOBS.items()
    if job.keys().isdisjoint({"style", "style_by"}) and name not in [refused for refused, *_ in REFUSALS]
]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory, photographs: Mapping[str, NDArray[np.uint8]]) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pictures")
    paths = {}
    for name, step in (("coffee", 3), ("chelsea", 4)):
        paths[name] = folder / f"{name}.png"
        Image.fromarray(np.ascontiguousarray(photographs[name][::step, ::step])).save(paths[name])
    small = Image.open(paths["chelsea"])
    paths["turned.jpg"], paths["deep.png"] = folder / "turned.jpg", folder / "deep.png"
    exif = small.getexif()
    exif[0x0112] = 6
    small.save(paths["turned.jpg"], exif=exif, quality=90)
    Image.fromarray(deep_grey()).save(paths["deep.png"])
    paths["cat.look"], paths["broken.look"] = folder / "cat.look", folder / "broken.look"
    look = make_look(np.asarray(small), None, "cat", torch.device("cpu"))
    paths["cat.look"].write_bytes(look)
    paths["broken.look"].write_bytes(look[:-1])
    return paths


def deep_grey() -> NDArray[np.uint16]:
    """A picture of more than 8 bits: every pixel has another value."""
    return (np.arange(60 * 80, dtype=np.uint16) * 13).reshape(60, 80)


@pytest.fixture(scope="module")
def done(
    editors: EditorTree,
    editor_daemon: RunningDaemon,
    tmp_path_factory: pytest.TempPathFactory,
    pictures: dict[str, Path],
) -> tuple[Path, dict[str, dict[str, Any]]]:
    """All jobs, done in one start of Krita."""
    folder = tmp_path_factory.mktemp("krita")
    jobs = [
        {
            "content": str(pictures["coffee"]),
            **job,
            "style": str(pictures[job.get("style", "chelsea")]),
            "choices": {**FAST, **job.get("choices", {})},
        }
        for job in JOBS.values()
    ]
    krita = Krita(editors, folder)
    said = krita.runner(IN_KRITA, "stylize", json.dumps(jobs), folder / "jobs")
    return folder / "jobs", dict(zip(JOBS, said, strict=True))


@pytest.fixture
def made(done: tuple[Path, dict[str, dict[str, Any]]]) -> Make:
    folder, said = done

    def made(name: str) -> Made:
        answer = said[name]
        assert "error" not in answer, answer
        place = folder / str(list(JOBS).index(name))

        def read(file: str, spec: list[int], dtype: str) -> Pixels:
            return np.frombuffer((place / file).read_bytes(), dtype).reshape(spec)

        content = read("content", answer["spec"], answer["dtypes"][0])
        style = read("style", answer["style_spec"], answer["dtypes"][1])
        result = read("result", answer["spec"], answer["dtypes"][0])
        has_selection = (place / "selection").exists()
        selection = read("selection", answer["spec"][:2], "uint8") if has_selection else None
        return Made(answer, content, style, result, selection, {**FAST, **JOBS[name].get("choices", {})})

    return made


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load("cpu")


def expected(made: Made, engine: Engine, style_mask: Pixels | None = None) -> Pixels:
    """What the pipeline gives in this process for the pixels that Krita has sent."""
    choices = Choices.from_json(made.choices)
    mask = made.selection if choices.area == "selection" else None
    space = LINEAR_LIGHT if made.said["linear"] else None
    style = parse_look(made.style.tobytes()) if made.style.shape[0] == 1 else made.style
    regions = (RegionPixels(style, style_mask=style_mask, space=space),)
    task = StylizeTask(made.content, regions, mask, choices.settings(), choices.limit == "pixels", space)
    return stylize(task, unfollowed, engine)


def bits(pixels: Pixels) -> Pixels:
    """The bytes of each pixel, so that equal means equal to the bit."""
    return np.ascontiguousarray(pixels).view(np.uint8)


@pytest.mark.parametrize("name", ORDINARY)
def test_the_layer_is_what_the_engine_gives(made: Make, engine: Engine, name: str) -> None:
    job = made(name)
    np.testing.assert_array_equal(bits(job.result), bits(expected(job, engine)))
    assert (job.result != job.content).any(), "the look must show"
    assert job.said["name"] == "Style: chelsea"
    assert job.said["type"] == "paintlayer"
    assert job.said["space"] == job.said["source_space"]
    assert job.said["content_kept"]
    np.testing.assert_array_equal(bits(job.result[..., -1]), bits(job.content[..., -1]))


@pytest.mark.parametrize(("name", "mask"), [("u8", None), ("selection", "mask.png")])
def test_the_layer_is_what_the_command_line_gives(
    made: Make, pictures: dict[str, Path], tmp_path: Path, name: str, mask: str | None
) -> None:
    job, out = made(name), tmp_path / "out.png"
    np.testing.assert_array_equal(job.content[..., :3], np.asarray(Image.open(pictures["coffee"])))
    words: list[str | Path] = ["stylize", pictures["coffee"], pictures["chelsea"], "-o", out]
    if mask is not None:
        Image.fromarray(job.selection).save(tmp_path / mask)
        words += ["--mask", tmp_path / mask]
    done = photostyle(*words)
    assert done.returncode == 0, done.stderr
    np.testing.assert_array_equal(job.result[..., :3], np.asarray(Image.open(out)))


def test_a_soft_selection_in_the_pixels(made: Make) -> None:
    job = made("selection")
    assert np.count_nonzero((job.selection > 0) & (job.selection < 255)) > 0, "it is feathered"
    outside = job.selection == 0
    np.testing.assert_array_equal(job.result[outside], job.content[outside])
    assert (job.result[job.selection == 255] != job.content[job.selection == 255]).any()
    assert job.said["masks"] == []


def test_a_transparency_mask_of_the_selection(made: Make) -> None:
    job = made("mask")
    assert job.said["masks"] == [["transparencymask", "Selection"]]
    seen = np.frombuffer(bytes.fromhex(job.said["unmasked"]), np.uint8)
    np.testing.assert_array_equal(seen, job.selection[job.selection.shape[0] // 2])
    assert (job.result[job.selection == 0] != job.content[job.selection == 0]).any(), "the look is under the mask too"
    assert made("whole layer").said["masks"] == []


def test_places(made: Make) -> None:
    for name, area in (("group", [-20, 15]), ("moved", [-37, 21]), ("beyond", [-30, -30])):
        assert made(name).said["area"][:2] == area
        assert made(name).said["bounds"] == made(name).said["area"]
    moved = made("moved").selection
    assert moved[:3].max() == 0
    assert moved[9 + 30, 37 + 35] == 255, "the selection has to be where the layer is"
    assert made("inner").said["names"] == ["Background", "Group"], "the new layer is in the group of its layer"
    assert made("group").said["names"] == ["Background", "Group", "Style: chelsea"]


def test_light_beyond_white_survives(made: Make) -> None:
    job = made("f32")
    assert job.said["linear"]
    assert made("f16").said["linear"]
    assert not made("f32 curved").said["linear"]
    assert job.content[..., :3].max() > 2
    assert job.content[..., :3].min() < -0.04
    outside = job.selection == 0
    assert job.result[outside].max() > 2
    np.testing.assert_array_equal(bits(job.result[outside]), bits(job.content[outside]))


def test_styles_come_in_the_colours_of_the_content(made: Make, pictures: dict[str, Path], editors: EditorTree) -> None:
    file = np.asarray(Image.open(pictures["chelsea"]))
    for name in ("u8", "u16", "f32 curved", "grey", "style by Krita", "open style"):
        np.testing.assert_array_equal(made(name).style[..., :3], file)
    curved = np.float64(file) / 255
    light = np.where(curved <= 0.04045, curved / 12.92, ((curved + 0.055) / 1.055) ** 2.4)
    for name in ("f16", "f32", "style layer"):
        np.testing.assert_allclose(made(name).style[..., :3], light, atol=2e-3)
    profile = editors.place / "root/usr/share/color/icc/krita" / WIDE
    wide = ImageCms.profileToProfile(Image.fromarray(file), ImageCms.createProfile("sRGB"), str(profile))
    np.testing.assert_allclose(made("wide").style[..., :3] / 257, np.asarray(wide), atol=1.5)


def test_style_files_are_read_as_the_command_line_reads_them(made: Make, pictures: dict[str, Path]) -> None:
    upright = ImageOps.exif_transpose(Image.open(pictures["turned.jpg"]))
    np.testing.assert_array_equal(made("turned style").style[..., :3], np.asarray(upright))
    deep = made("deep style")
    assert deep.said["dtypes"] == ["uint8", "uint16"]
    np.testing.assert_array_equal(deep.style[..., :3], np.repeat(deep_grey()[..., None], 3, axis=2))


def test_the_selection_of_the_style(made: Make, engine: Engine) -> None:
    job = made("open style")
    mask = np.zeros(job.style.shape[:2], np.uint8)
    mask[10:50, 10:60] = 255
    np.testing.assert_array_equal(job.result, expected(job, engine, mask))
    assert job.said["name"] == "Style: chelsea"
    assert made("style layer").said["name"] == "Style: Background"


@pytest.mark.parametrize("name", ["look", "linear look"])
def test_a_look_is_a_style(made: Make, engine: Engine, pictures: dict[str, Path], name: str) -> None:
    job = made(name)
    assert job.style.tobytes() == pictures["cat.look"].read_bytes()
    np.testing.assert_array_equal(bits(job.result), bits(expected(job, engine)))
    assert (job.result != job.content).any()
    assert job.said["name"] == "Style: cat"


@pytest.mark.parametrize(("name", "code", "words"), REFUSALS)
def test_refusals_leave_nothing_behind(
    done: tuple[Path, dict[str, dict[str, Any]]], name: str, code: str, words: str
) -> None:
    answer = done[1][name]
    assert answer["error"] == code
    assert words in answer["message"]
    assert answer["hint"]
    assert answer["untouched"] == (name not in ("closed", "removed")), "those two were changed by the person"
