from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from photostyle_plugin.choices import Choices
from photostyle_plugin.inputs import Inputs
from photostyle_plugin.session import Session
from photostyle_plugin.transfer import Transfer
from support.document import ArraySource, Document


def play(part: str) -> Choices:
    return replace(Choices(), method=part)


def inverting(monkeypatch) -> None: ...


def run(session: Session, inputs: Inputs, document: Document) -> Transfer:
    transfer = Transfer(session, inputs, document.target())
    fractions = [progress.fraction for progress in transfer.steps()]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    return transfer


def test_smoke(session) -> None:
    pixels = np.arange(20 * 30 * 3, dtype=np.uint8).reshape(20, 30, 3)
    document = Document([pixels])
    source = ArraySource(pixels)
    run(session, Inputs(source, source, choices=play("invert")), document)
    assert np.array_equal(document.layers[1], 255 - pixels)
