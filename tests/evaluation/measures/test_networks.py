"""The networks that style measures look through."""

from __future__ import annotations

from pathlib import Path

import pytest

from photostyle.evaluation.measures import networks
from photostyle_protocol.errors import BadOptionError
from support.tensors import tensor


def test_the_embedded_one_needs_no_file(photographs) -> None:
    network = networks.load()
    found = network(tensor(photographs["coffee"], 32, 48))
    assert [f.shape[1] for f in found] == list(network.channels)
    assert not any(parameter.requires_grad for parameter in network.parameters())


def test_the_others_are_read_from_their_file(tmp_path: Path) -> None:
    with pytest.raises(BadOptionError, match="no weights file"):
        networks.load("squeezenet", tmp_path / "none.safetensors")
    given = tmp_path / "some.safetensors"
    given.touch()
    with pytest.raises(BadOptionError, match="weights of its own"):
        networks.load("embedded", given)
    with pytest.raises(BadOptionError, match="resnet"):
        networks.load("resnet")


def test_figures_are_not_seen_through_whatever_is_there() -> None:
    assert "auto" not in networks.names()
    with pytest.raises(BadOptionError, match="compared"):
        networks.load("auto")
