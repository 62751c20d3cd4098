"""Random grades: they change a picture, two knobs at least, and the same numbers make the same grade."""

from __future__ import annotations

import torch

from photostyle.ops.grade import Grade, apply_grade, random_grade

NEUTRAL = Grade(
    exposure=torch.zeros(1, 1, 1, 1),
    white_balance=torch.ones(1, 3, 1, 1),
    gamma=torch.ones(1, 1, 1, 1),
    contrast=torch.zeros(1, 1, 1, 1),
    saturation=torch.ones(1, 1, 1, 1),
    shadows=torch.zeros(1, 3, 1, 1),
    highlights=torch.zeros(1, 3, 1, 1),
    hue=torch.zeros(1, 1, 1, 1),
)


def turned_knobs(grade: Grade, index: int) -> int:
    off = [(g[index] - n[0]).abs().amax() > 0 for g, n in zip(grade, NEUTRAL, strict=True)]
    exposed, balanced, gamma, contrast, saturated, shadows, highlights, turned = off
    return sum(map(bool, (exposed, balanced, gamma or contrast, saturated, shadows or highlights, turned)))


def test_a_neutral_grade_changes_nothing() -> None:
    x = torch.rand(1, 3, 9, 7)
    torch.testing.assert_close(apply_grade(x, NEUTRAL), x, atol=2e-4, rtol=0)


def test_at_least_two_knobs_are_turned() -> None:
    grade = random_grade(200, torch.Generator().manual_seed(0))
    turned = [turned_knobs(grade, index) for index in range(200)]
    assert min(turned) == 2
    assert max(turned) == 6


def test_a_picture_alone_is_graded_as_in_its_batch() -> None:
    grade = random_grade(3, torch.Generator().manual_seed(1))
    x = torch.rand(3, 3, 5, 5)
    alone = apply_grade(x[1:2], Grade(*(knob[1:2] for knob in grade)))
    torch.testing.assert_close(apply_grade(x, grade)[1:2], alone)


def test_one_knob_does_what_its_name_says() -> None:
    grey = torch.full((1, 3, 1, 1), 0.5)
    brighter = apply_grade(grey, NEUTRAL._replace(exposure=torch.ones(1, 1, 1, 1)))
    assert bool((brighter > grey).all())
    colored = torch.tensor([0.7, 0.5, 0.3]).view(1, 3, 1, 1)
    pale = apply_grade(colored, NEUTRAL._replace(saturation=torch.zeros(1, 1, 1, 1)))
    torch.testing.assert_close(pale.amax() - pale.amin(), torch.tensor(0.0), atol=1e-5, rtol=0)
    toned = apply_grade(torch.zeros(1, 3, 1, 1), NEUTRAL._replace(shadows=torch.full((1, 3, 1, 1), 0.1)))
    torch.testing.assert_close(toned, torch.full((1, 3, 1, 1), 0.1), atol=1e-4, rtol=0)
