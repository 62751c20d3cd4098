"""The procedure as scripts see it: arguments, what it refuses, where the style comes from, a folder of pictures."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from photostyle_plugin.methods import METHODS
from photostyle_protocol.connection import CONNECTION
from support.command_line import photostyle
from support.editors.gimp import PLUG_INS
from support.editors.tree import EditorTree
from support.imports import REPOSITORY

ARGUMENTS = [
    *("style", "style-image", "style-layer", "apply-to", "limit", "style-area", "method", "strength"),
    *("keep-luminance", "detail"),
    *(f"{method.name}-{option.name}".replace("_", "-") for method in METHODS for option in method.options),
    "match-areas",
]
REFUSALS = {
    "no style": "Choose a photograph",
    "a style that is missing": "missing.png",
    "a style that is no picture": "text.png",
    "two layers": "one layer at a time",
    "no layer": "one layer at a time",
    "a channel": "works on layers",
    "a mask": "works on layers",
    "a floating selection": "Anchor it",
    "an indexed image": "Image ▸ Mode ▸ RGB",
    "a layer that is gone": "not there any more",
    "nothing selected in the style": "style picture is empty",
}


@pytest.fixture(scope="module")
def style_file(photographs: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("style") / "style.png"
    Image.fromarray(photographs["rocket"][::16, ::16]).save(file)
    return file


@pytest.mark.usefixtures("runtime_dir")
def test_names_refusals_and_help(headless: Any, style_file: Path, tmp_path: Path) -> None:
    names, menu = headless.run("registered")
    assert names == ["run-mode", "image", "drawables", *ARGUMENTS]
    assert menu == "_Photorealistic Style..."
    answers = headless.run("refusals", style=str(style_file), folder=str(tmp_path))
    assert set(answers) == set(REFUSALS)
    for case, words in REFUSALS.items():
        answer = answers[case]
        assert answer["status"] == "calling-error", (case, answer)
        assert words in answer["text"], case
        assert answer["untouched"], case


@pytest.mark.usefixtures("editor_daemon")
def test_where_the_style_comes_from(headless: Any, style_file: Path, tmp_path: Path) -> None:
    look = tmp_path / "night.look"
    assert photostyle("look", "save", style_file, look).returncode == 0
    answer = headless.run("style_sources", style=str(style_file), look=str(look))
    assert answer["untouched"]
    assert answer["left over"] == 0
    name, from_file = answer["file"]
    assert name == "Style: style"
    assert answer["image"] == ["Style: evening", from_file]
    name, from_look = answer["look"]
    assert name == "Style: night"
    levels = [np.frombuffer(bytes.fromhex(pixels), np.uint8).astype(int) for pixels in (from_look, from_file)]
    assert np.abs(levels[0] - levels[1]).max() <= 1
    assert answer["layer"][1] == from_file
    assert answer["all, though something is selected"][1] == from_file
    others = {answer["selected"][1], answer["as it is seen"][1], from_file}
    assert len(others) == 3


@pytest.mark.usefixtures("editor_daemon")
def test_the_folder_script_of_the_documentation(
    headless: Any, photographs: Any, style_file: Path, tmp_path: Path
) -> None:
    script = _documented_script()
    pictures = tmp_path / "holiday"
    pictures.mkdir()
    for name in ("coffee", "chelsea"):
        Image.fromarray(photographs[name][::3, ::3]).save(pictures / f"{name}.png")
    headless.gimp.batch(script, PICTURES=str(pictures), STYLE=str(style_file))
    for name in ("coffee", "chelsea"):
        output = tmp_path / f"{name}.png"
        photostyle("stylize", pictures / f"{name}.png", style_file, "-q", "-o", output)
        made = Image.open(pictures / f"{name}-styled.png")
        np.testing.assert_array_equal(np.asarray(made), np.asarray(Image.open(output)))


def _documented_script() -> str:
    text = (REPOSITORY / "docs" / "gimp.md").read_text()
    (script,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    return str(script)


@pytest.mark.parametrize("with_zmq", [True, False], ids=["zmq", "bridge"])
@pytest.mark.usefixtures("startable_backend")
def test_the_plug_in_starts_the_backend(
    with_zmq: bool, editors: EditorTree, style_file: Path, tmp_path: Path, make_headless: Any
) -> None:
    plug_ins = tmp_path / "plug-ins"
    shutil.copytree(PLUG_INS, plug_ins, ignore=shutil.ignore_patterns("__pycache__"))
    if not with_zmq:
        # A plug-in's own folder is the first place in which its Python looks.
        (plug_ins / "photorealistic-style" / "zmq.py").write_text("raise ImportError('not in this Python')")
    answer = make_headless(plug_ins).run("slowly", style=str(style_file))
    assert answer["status"] == "success", answer["text"]
    assert answer["layers"] == 2
    assert (Path(os.environ["PHOTOSTYLE_RUNTIME_DIR"]) / CONNECTION).exists()
