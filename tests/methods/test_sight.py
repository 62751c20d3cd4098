"""How much of a picture a network looks at."""

from __future__ import annotations

import pytest
import torch

from photostyle.methods.base import Region
from photostyle.methods.networks.sight import Sight
from photostyle.methods.rest import Rest
from photostyle.stylize.finish import fit_finish
from photostyle_protocol.progress import unfollowed
from support.tensors import tensor

CPU = torch.device("cpu")


@pytest.mark.parametrize(("size", "seen"), [((512, 512), (362, 362)), ((1, 200_000), (1, 141_421)), ((360, 360), None)])
def test_half_of_the_pixels_but_all_of_a_small_picture(size: tuple[int, int], seen: tuple[int, int] | None) -> None:
    picture = torch.rand(1, 3, *size)
    got = Sight.for_finish(CPU).see(picture)
    assert got.shape[-2:] == (seen or size)
    assert (got is picture) == (seen is None)
    assert Sight.unfold(got, picture).shape == picture.shape


def test_all_of_the_pixels_and_digits_without_a_finish() -> None:
    picture = torch.rand(1, 3, 512, 512)
    assert Sight().see(picture) is picture
    assert Sight().dtype == torch.float32


@pytest.mark.parametrize("form", ["skip", "paper"])
def test_a_finish_is_hardly_different_for_it(photographs, form: str) -> None:
    """Colours of half the pixels with half the digits, against all of both, as a finish takes them."""
    content, style = (tensor(photographs[name], 420, 420) for name in ("astronaut", "coffee"))
    ones = torch.ones_like(content[:, :1])
    regions, rest = [Region(ones, ones, style, ones)], Rest(CPU)
    options = rest.complete({"form": form})
    looks = (
        rest.stylize(content, regions, options, unfollowed),
        rest.stylize_for_finish(content, regions, options, unfollowed, None),
    )
    whole, half = (fit_finish("grid", content, look, regions, 420, unfollowed).strip(0, content, 0) for look in looks)
    apart = (whole - half).abs() * 255
    assert apart.mean() < 2
    assert apart.quantile(0.99) < 7
