"""What every registered method owes its callers."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from photostyle.methods import registry
from photostyle.methods.base import LONGEST_TEXT, Method, Option, Region
from photostyle_protocol.errors import BadOptionError, UnknownMethodError
from photostyle_protocol.progress import unfollowed
from support.networks import QuickOptions
from support.tensors import gradient, tensor

METHODS = registry.names()
CPU = torch.device("cpu")
Run = Callable[[str, Tensor, list[Region]], Tensor]
SIZES = [(1, 1), (1, 2), (2, 1), (1, 61), (61, 1), (7, 5), (33, 47)]


def whole(content: Tensor, style: Tensor) -> Region:
    return Region(
        torch.ones_like(content[:, :1]), torch.ones_like(content[:, :1]), style, torch.ones_like(style[:, :1])
    )


@pytest.fixture(scope="module")
def run(quick_options: QuickOptions) -> Run:
    def run(name: str, content: Tensor, regions: list[Region]) -> Tensor:
        method = registry.load(name)(CPU)
        with torch.inference_mode():
            return method.stylize(content, regions, method.complete(quick_options(name)), unfollowed)

    return run


@pytest.mark.parametrize("name", METHODS)
def test_it_says_what_it_is(name: str) -> None:
    method = registry.load(name)
    assert method.name == name
    assert method.title
    assert method.paper
    assert method.finish in ("grid", "guided", "none")
    names = [option.name for option in method.options]
    assert len(names) == len(set(names))
    for option in method.options:
        assert option.checked(option.default) == option.default
        assert option.help.endswith(".")
        # A text of any words that was secretly a path would be open to clients of a network.
        assert option.is_file or option.choices or not isinstance(option.default, str)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_any_size_on_either_side(run: Run, photographs, name: str, size: tuple[int, int]) -> None:
    odd, usual = tensor(photographs["coffee"], *size), tensor(photographs["chelsea"], 30, 40)
    for content, style in ((odd, usual), (usual, odd), (odd, odd)):
        result = run(name, content, [whole(content, style)])
        assert result.shape == content.shape
        assert torch.isfinite(result).all()


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("count", [2, 3])
def test_each_region_gives_a_picture(run: Run, photographs, name: str, count: int) -> None:
    content = tensor(photographs["coffee"], 40, 50)
    right = gradient(40, 50)
    styles = [tensor(photographs[n], 30, 30) for n in ("chelsea", "astronaut", "rocket")][:count]
    blends = [1 - right, right / 2, right / 2] if count == 3 else [1 - right, right]
    regions = [Region(b, b, style, torch.ones_like(style[:, :1])) for b, style in zip(blends, styles, strict=True)]
    result = run(name, content, regions)
    assert result.shape == (count, 3, 40, 50)
    assert torch.isfinite(result).all()
    difference = (result[0] - result[1]).abs().mean()
    # A trained style knows one look, and regions with soft borders have nearly the same statistics.
    assert difference > (1e-4 if name == "johnson" else 0.01)


@pytest.mark.parametrize("name", METHODS)
def test_inputs_are_left_alone(run: Run, photographs, name: str) -> None:
    content, style = tensor(photographs["coffee"], 30, 40), tensor(photographs["chelsea"], 30, 40)
    region = whole(content, style)
    given = [content, region.blend, region.weight, region.style, region.style_weight]
    before = [t.clone() for t in given]
    run(name, content, [region])
    assert all(torch.equal(a, b) for a, b in zip(before, given, strict=True))


@pytest.mark.parametrize("name", METHODS)
def test_weights_decide_what_counts(run: Run, photographs, name: str) -> None:
    """What has no weight in the style may be anything."""
    content, style = tensor(photographs["coffee"], 40, 40), tensor(photographs["chelsea"], 40, 40)
    weight = torch.ones_like(style[:, :1])
    weight[..., 20:] = 0
    other = torch.where(weight > 0, style, torch.tensor([1.0, 0.0, 1.0])[:, None, None])
    ones = torch.ones_like(content[:, :1])
    results = [run(name, content, [Region(ones, ones, s, weight)]) for s in (style, other)]
    # A network sees a few pixels across the border of what counts; histograms get other bins.
    assert (results[0] - results[1]).abs().mean() < {"rest": 0.02, "pitie": 0.005, "hires": 0.03}.get(name, 1e-5)


@pytest.mark.parametrize("name", METHODS)
def test_an_unknown_option_is_refused(name: str) -> None:
    with pytest.raises(BadOptionError, match="sparkle"):
        registry.load(name).complete({"sparkle": 1})


@pytest.mark.parametrize("name", METHODS)
def test_defaults_are_filled_in(name: str) -> None:
    method = registry.load(name)
    assert method.complete({}) == {option.name: option.default for option in method.options}


NUMBER = Option("amount", 0.5, "How much.", 0.0, 2.0)
COUNT = Option("count", 3, "How many.", 1, 10)
WORD = Option("form", "skip", "Which.", choices=("skip", "paper"))
TEXT = Option("model", "", "Which file.", is_file=True)


@pytest.mark.parametrize(
    ("option", "given", "wanted"),
    [
        (NUMBER, 1, 1.0),
        (NUMBER, "1.5", 1.5),
        (NUMBER, 2.0, 2.0),
        (COUNT, "7", 7),
        (COUNT, 10, 10),
        (WORD, "paper", "paper"),
        (TEXT, "", ""),
        (TEXT, "Schöne Bilder/stil 3.safetensors", "Schöne Bilder/stil 3.safetensors"),
        (TEXT, "x" * LONGEST_TEXT, "x" * LONGEST_TEXT),
    ],
)
def test_allowed_values(option: Option, given: object, wanted: object) -> None:
    got = option.checked(given)
    assert got == wanted
    assert type(got) is type(wanted)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        (NUMBER, -0.1), (NUMBER, 2.1), (NUMBER, math.nan), (NUMBER, "nan"), (NUMBER, math.inf), (NUMBER, "much"),
        (NUMBER, ""), (NUMBER, True), (NUMBER, None), (NUMBER, [1]), (NUMBER, 10**400),
        (COUNT, 0), (COUNT, 11), (COUNT, 2.5), (COUNT, "2.5"), (COUNT, math.nan), (COUNT, True), (COUNT, None),
        (COUNT, "9" * 5000), (WORD, "linen"), (WORD, 1), (WORD, True), (WORD, ""), (WORD, ["skip"]), (WORD, None),
        (TEXT, 1), (TEXT, True), (TEXT, None), (TEXT, ["a"]), (TEXT, "x" * (LONGEST_TEXT + 1)),
    ],
)  # fmt: skip
def test_refused_values(option: Option, value: object) -> None:
    with pytest.raises(BadOptionError, match=option.name) as caught:
        option.checked(value)
    assert caught.value.hint


@settings(deadline=None)
@given(st.one_of(st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.none()))
def test_no_value_gets_past_the_range(value: object) -> None:
    for option in (NUMBER, COUNT, WORD, TEXT):
        try:
            got = option.checked(value)
        except BadOptionError:
            continue
        assert type(got) is type(option.default)
        if option is not TEXT:
            assert got in option.choices if option.choices else option.minimum <= got <= option.maximum


def test_unknown_names_are_refused_with_the_known_ones() -> None:
    for refused in (registry.check_name, registry.load):
        with pytest.raises(UnknownMethodError, match="van-gogh") as caught:
            refused("van-gogh")
        assert all(name in caught.value.hint for name in METHODS)


def test_the_first_is_the_default() -> None:
    from photostyle_protocol.request import Settings

    assert Settings().method == METHODS[0] == "rest"
    assert issubclass(registry.load("rest"), Method)


def test_the_registry_imports_no_torch_until_a_method_is_loaded() -> None:
    program = (
        "import sys; from photostyle.methods import registry; registry.names(); registry.check_name('rest'); "
        "assert 'torch' not in sys.modules and 'numpy' not in sys.modules; "
        "registry.load('reinhard'); assert 'torch' in sys.modules; "
        "assert 'photostyle.methods.rest' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
