"""Colour spaces: what is refused, and that a request with many of them fits into a header."""

import math

import pytest

from photostyle_protocol import frames
from photostyle_protocol.color_space import LINEAR_LIGHT, ColorSpace, Curve
from photostyle_protocol.errors import ProtocolError
from photostyle_protocol.limits import REGIONS
from photostyle_protocol.messages import FROM_CLIENT, Stylize
from photostyle_protocol.request import RegionRef, StylizeRequest

WIDE = (0.8225, 0.1774, 0.0, 0.0332, 0.9669, 0.0, 0.0171, 0.0724, 0.9108)


@pytest.mark.parametrize(
    "wrong",
    [
        {"gamma": 0.0},
        {"gamma": math.nan},
        {"scale": -1.0},
        {"slope": 0.0},
        {"toe": 0.5},
        {"offset": math.inf},
        {"table": (0.5,)},
        {"table": (0.0, 0.5, 0.5, 1.0)},
        {"table": tuple(i / 300 for i in range(300))},
    ],
)
def test_curves_that_do_not_rise_are_refused(wrong: dict) -> None:
    with pytest.raises(ProtocolError, match="does not rise"):
        Curve(**wrong)


@pytest.mark.parametrize(
    "wrong", [{"curves": ()}, {"curves": (Curve(),) * 2}, {"matrix": (1.0,)}, {"matrix": (1.0,) * 9}]
)
def test_spaces_that_lead_nowhere_are_refused(wrong: dict) -> None:
    with pytest.raises(ProtocolError):
        ColorSpace(**wrong)


def test_a_request_with_a_space_for_each_region_crosses_the_wire() -> None:
    table = ColorSpace((Curve(table=tuple(i / 255 for i in range(256))),), WIDE)
    regions = tuple(
        RegionRef("1" * 64, "2" * 64, "3" * 64, 0.5, ColorSpace((Curve(1 + i / 99, 1, 0, 0, 0),) * 3, WIDE))
        for i in range(REGIONS)
    )
    sent = Stylize(1, StylizeRequest("0" * 64, regions, space=table))
    assert frames.decode(FROM_CLIENT, [frames.encode(sent)]).message == sent


def test_linear_light_is_linear() -> None:
    assert LINEAR_LIGHT.curves[0].is_linear
    assert not Curve().is_linear
