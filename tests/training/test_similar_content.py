"""Who is similar content, and who is style."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PIL import Image

from photostyle.features.embedded import EmbeddedFeatures
from photostyle.training.photographs import Photographs
from photostyle.training.resemblance import neighbours
from photostyle.training.similar_content import SimilarContent

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def network() -> EmbeddedFeatures:
    torch.manual_seed(0)
    return EmbeddedFeatures().eval().requires_grad_(False)


def drawn(sampling: SimilarContent, number: int) -> tuple[set[int], set[int]]:
    generator = torch.Generator().manual_seed(0)
    draws = [(sampling.similar_to(number, generator), sampling.style_for(number, generator)) for _ in range(300)]
    similar, styles = zip(*draws, strict=True)
    return set(similar), set(styles)


def test_similar_content_is_nearer_than_any_style(network: EmbeddedFeatures, tmp_path: Path) -> None:
    """Forty grey tones with the same texture: the resemblance is known."""
    generator = torch.Generator().manual_seed(0)
    texture = torch.randint(0, 20, (64, 64, 3), generator=generator)
    for tone in range(40):
        Image.fromarray((texture + 5 * tone).byte().numpy()).save(tmp_path / f"{tone:02d}.png")
    photographs = Photographs(tmp_path, 64, CPU)
    ranked = neighbours(photographs, network, 40, CPU).tolist()
    similar, styles = drawn(SimilarContent(photographs, network, CPU), 20)
    assert similar == set(ranked[20][:2])
    assert styles == set(ranked[20][2:8])
    assert 20 in similar


def test_two_photographs_are_enough(network: EmbeddedFeatures, photograph_folder: Path) -> None:
    photographs = Photographs(photograph_folder, 32, CPU)
    photographs.pictures = photographs.pictures[:2]
    assert drawn(SimilarContent(photographs, network, CPU), 1) == ({1}, {0})
