"""REST's two forms and its residual; nothing here depends on how well the shipped network was trained."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.methods.base import Region
from photostyle.methods.classical import MongeKantorovich
from photostyle.methods.networks.folded_rpnet import FoldedRPNet
from photostyle.methods.networks.rpnet import LevelFeatures
from photostyle.methods.rest import Rest
from photostyle.ops.bilateral_grid import apply_grid, fit_grid
from photostyle_protocol.progress import unfollowed
from support.tensors import gradient, tensor


@pytest.fixture(scope="module")
def rest() -> Rest:
    return Rest(torch.device("cpu"))


def run(method, content: Tensor, style: Tensor, blends: tuple[Tensor, ...] = (), **options: float | str) -> Tensor:
    blends = blends or (torch.ones_like(content[:, :1]),)
    regions = [Region(b, b, style, torch.ones_like(style[:, :1])) for b in blends]
    with torch.inference_mode():
        return method.stylize(content, regions, method.complete(options), unfollowed)


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


def test_a_picture_in_its_own_style_comes_back(rest: Rest, pair) -> None:
    content, _ = pair
    torch.testing.assert_close(run(rest, content, content), content, atol=2e-3, rtol=0)


def test_the_residual_draws_from_the_colour_map_to_what_was_learned(rest: Rest, pair) -> None:
    results = [run(rest, *pair, residual=amount) for amount in (0.0, 0.3, 0.6, 1.0)]
    from_plain = [float((r - results[0]).square().mean()) for r in results]
    to_learned = [float((r - results[-1]).square().mean()) for r in results]
    assert from_plain == sorted(from_plain)
    assert to_learned == sorted(to_learned, reverse=True)
    assert from_plain[1] > 0


def test_fidelity_keeps_more_of_the_photograph(rest: Rest, pair) -> None:
    content, _ = pair
    moved = [float((run(rest, *pair, fidelity=f) - content).square().mean()) for f in (0.0, 0.5, 1.0)]
    assert moved == sorted(moved, reverse=True)
    assert moved[0] > 1.05 * moved[-1]


def test_two_crops_of_one_photograph_share_a_scene_and_its_grade(rest: Rest, photographs) -> None:
    whole = tensor(photographs["coffee"], 400, 600)
    content, style = whole[..., :340, :480], whole[..., 60:, 120:]
    grade = torch.tensor([1.1, 0.95, 0.7]).view(1, 3, 1, 1)
    got = run(rest, content, style * grade)
    by_statistics = run(MongeKantorovich(torch.device("cpu")), content, style * grade)
    assert (got - content * grade).abs().mean() < 0.25 * (by_statistics - content * grade).abs().mean()


@pytest.fixture
def encoded(monkeypatch) -> list[Tensor]:
    """The pictures that a network sees."""
    seen: list[Tensor] = []
    encode = FoldedRPNet.encode

    def watched(network: FoldedRPNet, picture: Tensor) -> LevelFeatures:
        seen.append(picture)
        return encode(network, picture)

    monkeypatch.setattr(FoldedRPNet, "encode", watched)
    return seen


def test_one_style_for_many_regions_is_encoded_once(pair, encoded: list[Tensor]) -> None:
    content, style = pair
    right = gradient(*content.shape[-2:])
    assert run(Rest(torch.device("cpu")), content, style, ((1 - right), right)).shape[0] == 2
    assert [picture is content for picture in encoded] == [False, True]


def test_a_style_is_known_again_by_its_pixels(pair, encoded: list[Tensor]) -> None:
    rest, (content, style) = Rest(torch.device("cpu")), pair
    first = run(rest, content, style)
    assert torch.equal(run(rest, content, style.clone()), first)
    assert len(encoded) == 3
    assert not torch.equal(run(rest, content, 0.9 * style), first)
    assert len(encoded) == 5


def test_half_precision_is_within_a_level_once_it_is_finished(pair) -> None:
    content, _ = pair
    rest, blend = Rest(torch.device("cpu")), torch.ones_like(content[:, :1])
    for form in ("skip", "paper"):
        options = rest.complete({"form": form})
        regions = [Region(blend, blend, pair[1], torch.ones_like(pair[1][:, :1]))]
        with torch.inference_mode():
            exact = rest.stylize(content, regions, options, unfollowed)
            half = rest.stylize_for_finish(content, regions, options, unfollowed, None)
            one, other = (apply_grid(fit_grid(content, x, blend), content, 0, content.shape[2]) for x in (exact, half))
        assert (one - other).abs().max() < 1 / 255


def test_what_was_found_out_serves_other_options(pair, encoded: list[Tensor]) -> None:
    content, style = pair
    rest, blend = Rest(torch.device("cpu")), torch.ones_like(content[:, :1])
    regions = [Region(blend, blend, style, torch.ones_like(style[:, :1]))]

    def made(name: bytes | None, **given: float) -> Tensor:
        with torch.inference_mode():
            return rest.stylize_for_finish(content, regions, rest.complete(given), unfollowed, name)

    made(b"a")
    looked = len(encoded)
    kept = made(b"a", residual=0.5, fidelity=0.1)
    assert len(encoded) == looked
    assert torch.equal(kept, made(None, residual=0.5, fidelity=0.1))


def test_a_network_is_loaded_once(rest: Rest) -> None:
    assert rest.network("skip") is rest.network("skip")
    assert rest.network("skip") is not rest.network("paper")
