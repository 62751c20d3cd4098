"""How long methods take."""

from __future__ import annotations

import pytest
from torch import Tensor

from photostyle.evaluation.speed import SpeedPlan, time_methods
from photostyle.methods import registry
from photostyle.stylize.engine import Engine
from photostyle_protocol.progress import unfollowed


def test_no_run_is_served_by_what_another_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    method = registry.load("rest")
    seen: list[bytes] = []
    stylize = method.stylize_for_finish

    def watched(self: object, content: Tensor, *given: object) -> Tensor:
        seen.append(content.numpy().tobytes())
        return stylize(self, content, *given)

    monkeypatch.setattr(method, "stylize_for_finish", watched)
    plan = SpeedPlan(["rest"], [(64, 48), (32, 32)], 2, "rest", "cpu")
    times = time_methods(plan, Engine.load("cpu"), unfollowed)
    assert [len(of_size) for of_size in times.values()] == [2, 2]
    assert len(seen) == len(set(seen)) == 1 + 2 + 2
