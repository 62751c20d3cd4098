"""A look that is blended is what the pipeline makes at that strength."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from photostyle.evaluation.blending import blended
from photostyle.evaluation.cases import Case
from photostyle.evaluation.contestants import MethodContestant, as_float
from photostyle.evaluation.method_spec import MethodSpec
from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.task import RegionPixels, StylizeTask
from photostyle_protocol.progress import unfollowed
from photostyle_protocol.request import Settings
from support.photographs import Photograph


@pytest.mark.parametrize("strength", [0.0, 0.25, 0.3, 0.6218, 1.0])
@pytest.mark.parametrize("method", ["monge-kantorovich", "rest", "reinhard@grid"])
def test_it_is_the_pipeline_at_that_strength(
    method: str, strength: float, photographs: Mapping[str, Photograph]
) -> None:
    content, style = photographs["coffee"][::4, ::4], photographs["rocket"][::4, ::4]
    left, right = (np.zeros(content.shape[:2], np.uint8) for _ in range(2))
    left[:, : content.shape[1] // 3], right[:, content.shape[1] // 3 :] = 255, 255
    on_style = np.full(style.shape[:2], 255, np.uint8)
    engine = Engine.load("cpu")
    spec = MethodSpec.parse(method)
    case = Case("x", content, style, [(left, on_style), (right, on_style)])
    look = MethodContestant(spec, engine).look(case, unfollowed)

    regions = tuple(RegionPixels(style, *pair) for pair in case.regions)
    settings = Settings(spec.settings.method, strength, finish=spec.settings.finish)
    expected = stylize(StylizeTask(content, regions, None, settings), unfollowed, engine)
    np.testing.assert_array_equal(blended(as_float(content), look.pixels, strength), expected)
