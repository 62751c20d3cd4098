"""The layer is what ``photostyle stylize`` makes of the same files, bit for bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from support.command_line import photostyle


@pytest.fixture(scope="module")
def files(photographs: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with contents, styles and a soft mask."""
    folder = tmp_path_factory.mktemp("files")
    content, style = photographs["coffee"][100:300, 150:433], photographs["rocket"][::2, ::2]
    alpha = np.linspace(0, 255, content[..., 0].size).astype(np.uint8).reshape(content.shape[:2])
    y, x = np.mgrid[: content.shape[0], : content.shape[1]]
    soft = np.clip(400 - 4 * np.hypot(y - 90, x - 140), 0, 255).astype(np.uint8)
    pictures = {
        "rgb.png": content,
        "rgba.png": np.dstack([content, alpha]),
        "grey.png": content[..., 1],
        "grey-alpha.png": np.dstack([content[..., 1], alpha]),
        "style.png": style,
        "style-grey.png": style[..., 1],
        "style-alpha.png": np.dstack([style, np.full(style.shape[:2], 200, np.uint8)]),
        "mask.png": soft,
    }
    for name, pixels in pictures.items():
        Image.fromarray(pixels).save(folder / name)
    Image.fromarray(style).quantize(64).save(folder / "style-palette.png")
    Image.fromarray(content[..., 1].astype(np.uint16) * 256 + alpha).save(folder / "grey-deep.png")
    sideways = Image.fromarray(style)
    sideways.getexif()[0x0112] = 6
    sideways.save(folder / "style-turned.tiff", exif=sideways.getexif())
    return folder


def _case(content: str, style: str, mask: bool = False, words: str = "", **choices: Any) -> dict[str, Any]:
    return {"content": content, "style": style, "mask": "mask.png" if mask else "", "words": words, "choices": choices}


CASES = [
    _case("rgb.png", "style.png"),
    _case("rgb.png", "style.png", mask=True),
    _case("rgb.png", "style.png", mask=True, words="ignored mask", apply_to="layer"),
    _case("rgba.png", "style-grey.png", mask=True, words="--strength 0.6 --keep-luminance --regions auto"),
    _case("grey.png", "style-palette.png", words="--method pitie --option iterations=3"),
    _case("grey-alpha.png", "style-alpha.png", words="--method reinhard --finish none", mask=True),
    _case("grey-deep.png", "style.png", mask=True),
    _case("rgb.png", "style-turned.tiff", words="--option form=paper --option residual=0.5"),
]
CASES[3]["choices"] = {"strength": 0.6, "keep_luminance": True, "match_areas": True}
CASES[4]["choices"] = {"method": "pitie", "pitie_iterations": 3}
CASES[5]["choices"] = {"method": "reinhard", "detail": "none"}
CASES[7]["choices"] = {"rest_form": "paper", "rest_residual": 0.5}
BY_MASK = _case("rgb.png", "style.png", mask=True, limit="mask")


@pytest.mark.usefixtures("editor_daemon")
def test_the_layer_is_what_the_command_line_makes(headless: Any, files: Path, tmp_path: Path) -> None:
    named = [{**case, "name": str(i)} for i, case in enumerate([*CASES, BY_MASK])]
    answers = headless.run("likeness", cases=[_in_folder(case, files) for case in named], folder=str(tmp_path))
    for case, answer in zip(named, answers, strict=True):
        assert answer["name"] == f"Style: {Path(case['style']).stem}"
        assert answer["left over"] == 0
        assert answer["mask"] == (case["choices"].get("limit") == "mask")
    for case in named[:-1]:
        content = np.asarray(Image.open(files / case["content"]))
        layer = np.frombuffer((tmp_path / f"{case['name']}.bin").read_bytes(), content.dtype).reshape(content.shape)
        np.testing.assert_array_equal(layer, _by_command_line(case, files, tmp_path), err_msg=str(case))
    mask = np.asarray(Image.open(files / "mask.png"))
    assert (tmp_path / f"{len(CASES)}-mask.bin").read_bytes() == mask.tobytes()
    _check_limited_by_mask(tmp_path, np.asarray(Image.open(files / "rgb.png")), mask)


def _check_limited_by_mask(folder: Path, content: Any, mask: Any) -> None:
    """Where all is selected the look is the same as baked in, and it goes on everything."""
    by_mask, baked = (
        np.frombuffer((folder / f"{i}.bin").read_bytes(), np.uint8).reshape(content.shape) for i in (len(CASES), 1)
    )
    assert (by_mask[mask == 255] == baked[mask == 255]).all()
    assert (baked[mask == 0] == content[mask == 0]).all()
    assert (by_mask[mask == 0] != content[mask == 0]).any(axis=-1).mean() > 0.9


def _in_folder(case: dict[str, Any], files: Path) -> dict[str, Any]:
    paths = {key: str(files / case[key]) for key in ("content", "style", "mask") if case[key]}
    return {**case, **paths}


def _by_command_line(case: dict[str, Any], files: Path, folder: Path) -> Any:
    output = folder / f"{case['name']}.png"
    words = [] if case["words"] == "ignored mask" else case["words"].split()
    mask = ["--mask", files / case["mask"]] if case["mask"] and case["words"] != "ignored mask" else []
    done = photostyle("stylize", files / case["content"], files / case["style"], "-q", "-o", output, *mask, *words)
    assert done.returncode == 0, done.stderr
    return np.asarray(Image.open(output))
