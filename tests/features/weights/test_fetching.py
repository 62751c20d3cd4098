"""From a file on a server to weights in the cache, and to networks that use them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from photostyle.features import registry
from photostyle.features.weights import cache
from photostyle.features.weights.cache import State
from photostyle.features.weights.download import DownloadError
from photostyle.features.weights.fetching import fetch, fetched_by_torchvision
from photostyle.features.weights.published import PUBLISHED, Published, published
from photostyle_protocol.errors import BadInputError, BadOptionError, ResourceError
from support.file_server import FileServer
from support.published import as_published, pickled
from support.tensors import tensor
from support.vgg import vgg_state


def show(_what: str, _fraction: float | None) -> None:
    """Nobody looks."""


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_convolutions_are_kept_beside_their_digest(small: Published, weights_folder: Path) -> None:
    told: list[tuple[str, float | None]] = []
    path = fetch(small, lambda what, fraction: told.append((what, fraction)))
    assert path == cache.place(small) == weights_folder / "vgg19.safetensors"
    tensors = load_file(path)
    assert {name: t.dtype for name, t in tensors.items()} == {"features.0.weight": torch.float32}
    assert kept(weights_folder) == ["vgg19.safetensors", "vgg19.sha256"]
    assert cache.state(small) is State.GOOD
    assert cache.verified(small) == path
    assert (f"fetching {small.file}", 1.0) in told
    assert [what.partition(" ")[0] for what, fraction in told if fraction is None] == ["checking", "converting"]


def test_an_interrupted_fetch_is_finished_by_the_same_call(
    small: Published, file_server: FileServer, weights_folder: Path
) -> None:
    file_server.cut = 1000
    with pytest.raises(DownloadError):
        fetch(small, show)
    assert kept(weights_folder) == [f"{small.file}.part"]
    assert cache.state(small) is State.MISSING
    file_server.cut = None
    fetch(small, show)
    assert file_server.asked[-1][1] == "bytes=1000-"
    assert cache.state(small) is State.GOOD


def test_other_bytes_are_refused_and_not_kept(small: Published, file_server: FileServer, weights_folder: Path) -> None:
    file_server.content = file_server.content[:-1] + b"!"
    with pytest.raises(DownloadError, match=f"is not {small.file}.*instead of {small.digest[:8]}") as caught:
        fetch(small, show)
    assert "--from" in caught.value.hint
    assert kept(weights_folder) == []


def test_a_pickle_that_runs_is_not_run(file_server: FileServer, weights_folder: Path) -> None:
    """Even one whose digest is right."""
    file_server.content = b"cbuiltins\neval\n(V(_ for _ in ()).throw(SystemExit)\ntR."
    with pytest.raises(Exception, match="Weights only load failed"):
        fetch(as_published(file_server.content, file_server.address), show)
    assert not list(weights_folder.glob("*.safetensors"))


def test_a_file_fetched_elsewhere(small: Published, file_server: FileServer, weights_folder: Path) -> None:
    elsewhere = weights_folder.parent / "elsewhere.pth"
    elsewhere.write_bytes(file_server.content)
    fetch(small, show, elsewhere)
    assert cache.state(small) is State.GOOD
    assert elsewhere.read_bytes() == file_server.content
    assert file_server.asked == []


def test_a_wrong_file_from_elsewhere_is_left_alone(small: Published, weights_folder: Path) -> None:
    elsewhere = weights_folder.parent / "elsewhere.pth"
    with pytest.raises(BadInputError, match="no file at"):
        fetch(small, show, elsewhere)
    elsewhere.write_bytes(b"half of it")
    with pytest.raises(BadInputError, match=f"is not {small.file}") as caught:
        fetch(small, show, elsewhere)
    assert small.address in caught.value.hint
    assert elsewhere.read_bytes() == b"half of it"
    assert kept(weights_folder) == []


def test_a_disk_that_cannot_hold_it_is_told_first(
    small: Published, file_server: FileServer, tiny_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHOTOSTYLE_WEIGHTS", str(tiny_disk))
    with pytest.raises(ResourceError, match="690 MB are needed"):
        fetch(replace(small, size=PUBLISHED["vgg19"].size), show)
    assert file_server.asked == []


def test_a_folder_that_cannot_be_made_is_named(small: Published, weights_folder: Path) -> None:
    weights_folder.write_text("a file")
    with pytest.raises(ResourceError, match="cannot be made") as caught:
        fetch(small, show)
    assert str(weights_folder) in caught.value.message


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.with_suffix(".sha256").unlink(),
        lambda path: path.with_suffix(".sha256").write_text("0" * 64),
        lambda path: path.unlink() or path.mkdir(),
    ],
    ids=["cut", "no digest", "another digest", "no file"],
)
def test_damage_is_noticed_and_mended(
    small: Published, weights_folder: Path, damage: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PUBLISHED, "vgg19", small)
    path = fetch(small, show)
    damage(path)
    assert cache.state(small) is State.DAMAGED
    for refused in (lambda: cache.verified(small), lambda: registry.load("vgg19")):
        with pytest.raises(BadOptionError, match="damaged") as caught:
            refused()
        assert "photostyle weights fetch vgg19" in caught.value.hint
    if path.is_file():
        fetch(small, show)
        assert cache.state(small) is State.GOOD


def test_removing_leaves_nothing(small: Published, weights_folder: Path) -> None:
    size = fetch(small, show).stat().st_size
    cache.part(small).write_bytes(b"x" * 1000)
    assert cache.remove(small) > size + 1000
    assert kept(weights_folder) == []
    assert cache.remove(small) == 0
    assert cache.state(small) is State.MISSING


def test_what_is_not_there_is_not_fetched(weights_folder: Path) -> None:
    for name in PUBLISHED:
        with pytest.raises(BadOptionError, match="nothing is fetched unasked") as caught:
            registry.load(name)
        assert f"photostyle weights fetch {name}" in caught.value.hint
    assert not weights_folder.exists()


def test_what_torchvision_has_fetched_is_found(small: Published, file_server: FileServer, weights_folder: Path) -> None:
    assert fetched_by_torchvision(small) is None
    theirs = weights_folder.parent / "torch" / "hub" / "checkpoints" / small.file
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(file_server.content[:-1])
    assert fetched_by_torchvision(small) is None
    theirs.write_bytes(file_server.content)
    assert fetched_by_torchvision(small) == theirs


def test_the_published_files_are_torchvision_s() -> None:
    for name, known in PUBLISHED.items():
        assert published(name) is known
        assert known.file == f"{name}-{known.digest[:8]}.pth"
        assert known.address.endswith(f"/{known.file}")
        assert known.address.startswith("https://")
        assert len(bytes.fromhex(known.digest)) == 32
    with pytest.raises(BadOptionError, match="resnet") as caught:
        published("resnet")
    assert "vgg19" in caught.value.hint


def test_auto_takes_vgg_once_it_is_there(
    file_server: FileServer, weights_folder: Path, photographs, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(6)
    file_server.content = pickled(vgg_state("vgg19"))
    known = as_published(file_server.content, file_server.address)
    monkeypatch.setitem(PUBLISHED, "vgg19", known)
    path = fetch(known, show)
    picture = tensor(photographs["coffee"], 32, 32)
    network = registry.load("auto")
    assert network.title == "VGG-19"
    named = registry.load("auto", path)
    assert all(torch.equal(a, b) for a, b in zip(network(picture), named(picture), strict=True))
