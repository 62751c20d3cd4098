"""The progress of a part is that of the whole in its place."""

from __future__ import annotations

import pytest

from photostyle_protocol.progress import Glimpse, within


def test_a_part_lies_within_the_whole_and_shows_what_it_has() -> None:
    calls: list[tuple[float, str, Glimpse | None]] = []
    glimpse = Glimpse({"total": 1.0}, lambda: None)

    def note(fraction: float, stage: str, glimpse: Glimpse | None = None) -> None:
        calls.append((fraction, stage, glimpse))

    inner = within(within(note, 0.2, 0.6), 0.5, 1.0)
    inner(0.0, "begins")
    inner(1.0, "ends", glimpse)
    assert calls == [(pytest.approx(0.4), "begins", None), (pytest.approx(0.6), "ends", glimpse)]
