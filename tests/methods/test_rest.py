"""REST's two forms and its residual; nothing here depends on how well the shipped network was trained."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.methods.base import Region
from photostyle.methods.classical import MongeKantorovich
from photostyle.methods.rest import Rest
from photostyle.ops.monge_kantorovich import color_gaussian
from support.tensors import gradient, tensor


@pytest.fixture(scope="module")
def rest() -> Rest:
    return Rest(torch.device("cpu"))


def run(method, content: Tensor, style: Tensor, blends: tuple[Tensor, ...] = (), **options: float | str) -> Tensor:
    blends = blends or (torch.ones_like(content[:, :1]),)
    regions = [Region(b, b, style, torch.ones_like(style[:, :1])) for b in blends]
    with torch.inference_mode():
        return method.stylize(content, regions, method.complete(options), lambda _fraction, _stage: None)


@pytest.fixture(scope="module")
def pair(photographs) -> tuple[Tensor, Tensor]:
    return tensor(photographs["coffee"], 100, 150), tensor(photographs["chelsea"], 100, 150)


def test_the_forms_differ(rest: Rest, pair) -> None:
    skip, paper = (run(rest, *pair, form=form) for form in ("skip", "paper"))
    assert (skip - paper).abs().mean() > 0.005


def test_without_residual_it_is_the_colour_map(rest: Rest, pair) -> None:
    plain = run(MongeKantorovich(torch.device("cpu")), *pair)
    torch.testing.assert_close(run(rest, *pair, residual=0.0), plain, atol=2e-3, rtol=0)
    assert (run(rest, *pair) - plain).abs().mean() > 1e-3


def test_the_paper_s_form_has_no_residual(rest: Rest, pair) -> None:
    assert torch.equal(run(rest, *pair, form="paper", residual=0.0), run(rest, *pair, form="paper"))


@pytest.mark.parametrize("residual", [0.5, 1.0, 2.0])
def test_the_style_s_colours_are_met_whatever_the_residual(rest: Rest, pair, residual: float) -> None:
    content, style = pair
    got, wanted = (
        color_gaussian(p, torch.ones_like(p[:, :1])) for p in (run(rest, content, style, residual=residual), style)
    )
    torch.testing.assert_close(got.mean, wanted.mean, atol=1e-4, rtol=0)
    torch.testing.assert_close(got.covariance, wanted.covariance, atol=2e-3, rtol=0)


def test_one_style_for_many_regions_is_encoded_once(rest: Rest, pair) -> None:
    content, style = pair
    right = gradient(*content.shape[-2:])
    seen: list[int] = []
    hook = rest.network("skip").encoder.register_forward_hook(lambda *_: seen.append(1))
    try:
        assert run(rest, content, style, ((1 - right), right)).shape[0] == 2
    finally:
        hook.remove()
    assert len(seen) == 2


def test_a_network_is_loaded_once(rest: Rest) -> None:
    assert rest.network("skip") is rest.network("skip")
    assert rest.network("skip") is not rest.network("paper")
