"""The networks that style measures look through."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from photostyle.evaluation.measures import networks
from photostyle_protocol.errors import BadOptionError
from support.tensors import tensor


def test_the_embedded_one_needs_no_file(photographs) -> None:
    network = networks.load()
    picture = tensor(photographs["coffee"], 32, 48)
    found = network(picture)
    assert [f.shape for f in found] == [(1, c, 32, 48) for c in network.channels]
    assert not any(parameter.requires_grad for parameter in network.parameters())
    torch.testing.assert_close(network(picture + 0.0), found)
    assert any((f < 0).any() for f in found), "taps are before any ReLU"


def test_the_others_are_read_from_their_file(tmp_path: Path) -> None:
    assert networks.names()[0] == networks.EMBEDDED
    with pytest.raises(BadOptionError, match="no weights file"):
        networks.load("squeezenet", tmp_path / "none.safetensors")
    with pytest.raises(BadOptionError, match="weights of its own"):
        networks.load("embedded", tmp_path / "some.safetensors")
    with pytest.raises(BadOptionError, match="resnet"):
        networks.load("resnet")


def test_figures_are_not_seen_through_whatever_is_there() -> None:
    assert "auto" not in networks.names()
    with pytest.raises(BadOptionError, match="compared"):
        networks.load("auto")
