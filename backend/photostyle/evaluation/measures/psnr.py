"""Peak signal-to-noise ratio to a truth."""

from __future__ import annotations

import math

from torch import Tensor

from photostyle.evaluation.measures.base import Measure


def psnr(output: Tensor, truth: Tensor) -> float:
    """10 log₁₀(1 / MSE) over all pixels and channels of two pictures (1, 3, H, W), encoded RGB, 0–1.

    Returns:
        Decibels; infinite for equal pictures. At 8 bits, rounding alone leaves 59 dB.
    """
    error = float((output.double() - truth.double()).square().mean())
    return math.inf if error == 0 else -10 * math.log10(error)


PSNR = Measure(
    name="psnr",
    title="PSNR to the truth (dB)",
    paper="10 log₁₀ of peak² over mean squared error, RGB",
    low=-math.inf,
    high=math.inf,
    better="higher",
    compute=lambda sample: psnr(sample.output, sample.known_truth()),
    needs=frozenset({"truth"}),
)
