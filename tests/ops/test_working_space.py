"""Colour spaces: there and back to the bit, at every level, and beyond 0–1."""

import pytest
import torch

from photostyle.ops.srgb_curve import encode
from photostyle.ops.working_space import into_working_space, out_of_working_space
from photostyle_protocol.color_space import LINEAR_LIGHT, ColorSpace, Curve

POWER = {"scale": 1.0, "offset": 0.0, "slope": 0.0, "toe": 0.0}
TO_SRGB = {
    "Adobe RGB": (1.39836, -0.39836, 0.0, 0.0, 1.0, 0.0, 0.0, -0.04293, 1.04293),
    "ProPhoto": (2.03424, -0.72742, -0.30682, -0.22882, 1.23174, -0.00292, -0.00857, -0.15328, 1.16184),
    "Display P3": (1.22494, -0.22494, 0.0, -0.04206, 1.04206, 0.0, -0.01964, -0.07864, 1.09828),
    "Rec. 2020": (1.66050, -0.58766, -0.07284, -0.12456, 1.13290, -0.00834, -0.01820, -0.10060, 1.11880),
}
SPACES = {
    "Adobe RGB": ColorSpace((Curve(gamma=2.19921875, **POWER),), TO_SRGB["Adobe RGB"]),
    "ProPhoto": ColorSpace((Curve(gamma=1.80078125, **POWER),), TO_SRGB["ProPhoto"]),
    "ProPhoto with a toe": ColorSpace(
        (Curve(gamma=1.8, scale=1.0, offset=0.0, slope=1 / 16, toe=1 / 32),), TO_SRGB["ProPhoto"]
    ),
    "Display P3": ColorSpace((Curve(),), TO_SRGB["Display P3"]),
    "linear Rec. 2020": ColorSpace(LINEAR_LIGHT.curves, TO_SRGB["Rec. 2020"]),
    "linear": LINEAR_LIGHT,
    "table": ColorSpace((Curve(table=tuple((0.9 * (i / 255) ** 2 + 0.1 * i / 255) for i in range(256))),)),
    "three tables": ColorSpace(
        tuple(Curve(table=tuple((i / 63) ** g + i * 1e-6 for i in range(64))) for g in (1.6, 1.8, 2.2)),
        TO_SRGB["Display P3"],
    ),
}
LEVELS = torch.arange(65536) / 65535


def levels_after(colors: torch.Tensor, space: ColorSpace) -> torch.Tensor:
    return out_of_working_space(into_working_space(colors, space), space).mul(65535).round()


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
def test_all_16_bit_levels_of_grey_come_back_to_the_bit(space: ColorSpace) -> None:
    grey = LEVELS.expand(1, 3, 1, -1)
    assert torch.equal(levels_after(grey, space), grey.mul(65535).round())


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
def test_colours_come_back_and_beyond_the_range_too(space: ColorSpace) -> None:
    colors = torch.rand(1, 3, 50, 50, generator=torch.Generator().manual_seed(1)) * 1.6 - 0.2
    torch.testing.assert_close(
        out_of_working_space(into_working_space(colors, space), space), colors, atol=3e-4, rtol=0
    )


@pytest.mark.parametrize("name", TO_SRGB)
def test_grey_stays_grey(name: str) -> None:
    space = ColorSpace(LINEAR_LIGHT.curves, TO_SRGB[name])
    grey = torch.full((1, 3, 1, 1), 0.5)
    torch.testing.assert_close(into_working_space(grey, space), encode(grey), atol=1e-5, rtol=0)


def test_a_colour_that_srgb_lacks_keeps_its_place_outside() -> None:
    green = torch.tensor([0.0, 1.0, 0.0]).reshape(1, 3, 1, 1)
    red, kept, _ = into_working_space(green, SPACES["Adobe RGB"]).flatten().tolist()
    assert red < -0.5
    assert kept == pytest.approx(1.0)


def test_srgb_is_the_working_space() -> None:
    colors = torch.rand(1, 3, 4, 4)
    assert into_working_space(colors, None) is colors
    assert out_of_working_space(colors, None) is colors
    torch.testing.assert_close(into_working_space(colors, ColorSpace()), colors, atol=1e-6, rtol=1e-6)
