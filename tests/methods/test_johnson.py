"""A trained style from its file, and files that are none."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from photostyle.methods.base import Region
from photostyle.methods.johnson import Johnson
from photostyle.methods.networks.style_file import read_style, style_metadata
from photostyle.training import checkpoint
from photostyle_protocol.errors import BadOptionError
from photostyle_protocol.progress import unfollowed
from support.tensors import tensor


def run(content: Tensor, model: str | Path) -> Tensor:
    ones = torch.ones_like(content[:, :1])
    method = Johnson(torch.device("cpu"))
    options = method.complete({"model": str(model)})
    with torch.inference_mode():
        return method.stylize(content, [Region(ones, ones, content, ones)], options, unfollowed)


def test_it_paints_what_the_file_says(style_file: Path, photographs) -> None:
    content = tensor(photographs["coffee"], 33, 47)
    with torch.inference_mode():
        painted = read_style(style_file)(content)
    torch.testing.assert_close(run(content, style_file), painted)


def test_colours_beyond_white_survive(style_file: Path, photographs) -> None:
    content = 3 * tensor(photographs["coffee"], 20, 20)
    net = read_style(style_file)
    with torch.inference_mode():
        white = content.clamp(0, 1)
        added = net(white) - net.colored(white, torch.ones_like(white[:, :1]))
        wanted = net.colored(content, torch.ones_like(content[:, :1])) + added
    torch.testing.assert_close(run(content, style_file), wanted)


def damaged(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def rewritten(path: Path, **metadata: object) -> None:
    tensors = load_file(path)
    checkpoint.save(path, tensors, style_metadata(tensors) | metadata)


def with_nan(path: Path) -> None:
    tensors = load_file(path)
    tensors["stages.10.weight"][0] = torch.nan
    checkpoint.save(path, tensors, style_metadata(tensors))


def with_other_tensors(path: Path) -> None:
    tensors = {"stages.0.0.weight": torch.zeros(1)}
    checkpoint.save(path, tensors, style_metadata(tensors))


SPOILED = {
    "damaged": (damaged, "is damaged"),
    "cut off": (cut, "is damaged"),
    "no safetensors": (lambda path: path.write_text("a style"), "no trained style"),
    "missing": (Path.unlink, "There is no trained style"),
    "of another method": (lambda path: rewritten(path, method="restyle"), "of the method restyle"),
    "of a later version": (lambda path: rewritten(path, version=2), "version 2, and this program reads version 1"),
    "NaN": (with_nan, "no numbers"),
    "other tensors": (with_other_tensors, "another network"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_other_files_are_refused_with_a_sentence(name: str, style_file: Path, tmp_path: Path, photographs) -> None:
    spoil, sentence = SPOILED[name]
    path = tmp_path / "style.safetensors"
    path.write_bytes(style_file.read_bytes())
    spoil(path)
    with pytest.raises(BadOptionError, match=sentence) as caught:
        run(tensor(photographs["coffee"], 16, 16), path)
    assert caught.value.hint


def test_a_model_of_rest_is_refused(photographs) -> None:
    from photostyle.models import store

    with pytest.raises(BadOptionError, match="of another kind"):
        run(tensor(photographs["coffee"], 16, 16), store.home("rest.safetensors") / "rest.safetensors")


def test_no_file_is_refused(photographs) -> None:
    with pytest.raises(BadOptionError, match="No trained style is chosen"):
        run(tensor(photographs["coffee"], 16, 16), "")
