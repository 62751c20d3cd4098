"""Going down an objective: L-BFGS or Adam, for as long as somebody wants the result."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Mapping

import torch
from torch import Tensor

OPTIMIZERS = ("lbfgs", "adam")
_ADAM_RATE = 0.02
"""Five steps of 8 bits: a photograph's look is within a few dozen of these."""
_FIRST_MOVE = 0.02
"""How far the first step of L-BFGS moves the pixels on average; later ones find their own length."""
_HISTORY = 10

Losses = Mapping[str, Tensor]
View = Callable[[Tensor], Tensor]
"""What the objective sees of the pixels, such as a filtered picture."""
Report = Callable[[dict[str, float], Callable[[], Tensor]], None]
"""Told of the losses at each point that is looked at, and how to get at the picture there; raises to stop."""


class _Stuck(Exception):  # noqa: N818 - not an error: nothing better will come
    """The losses are no numbers any more."""


def descend(  # noqa: PLR0913, PLR0917 - a minimisation has these, each once
    losses: Callable[[Tensor], Losses], start: Tensor, view: View, optimizer: str, steps: int, report: Report
) -> Tensor:
    """Minimise ``losses(view(pixels))["total"]``.

    Args:
        losses: By name; what is minimised is ``total``.
        start: (1, 3, H, W).
        view: Differentiable.
        optimizer: A word of `OPTIMIZERS`.
        steps: How often the losses are computed; fewer where there is nothing to gain.
        report: Called after each.

    Returns:
        The view with the lowest loss that was met, (1, 3, H, W); that of the start where no loss is a number.
    """
    walk = _Walk(losses, start, view, report)
    with contextlib.suppress(_Stuck):
        (_by_adam if optimizer == "adam" else _by_lbfgs)(walk, steps)
    return walk.best


class _Walk:
    """The unknowns of one minimisation and the best of the points that were met."""

    def __init__(self, losses: Callable[[Tensor], Losses], start: Tensor, view: View, report: Report) -> None:
        self._losses = losses
        self._start = start
        self._view = view
        self._report = report
        # L-BFGS tries a first step of length 1 in the sum of all its unknowns, so they are scaled by their number.
        self._scale = _FIRST_MOVE * start.numel()
        self.unknowns = torch.zeros_like(start, memory_format=torch.contiguous_format, requires_grad=True)
        self.rate = _ADAM_RATE / self._scale
        self.best = view(start).detach()
        self._lowest = math.inf

    def evaluate(self) -> Tensor:
        """The loss here, its gradient in `unknowns`."""
        self.unknowns.grad = None
        seen = self._view(self._start + self._scale * self.unknowns)
        losses = self._losses(seen)
        losses["total"].backward()  # type: ignore[no-untyped-call]
        self._met(seen.detach(), {name: float(loss.detach()) for name, loss in losses.items()})
        return losses["total"].detach()

    def _met(self, seen: Tensor, losses: dict[str, float]) -> None:
        if not math.isfinite(losses["total"]):
            raise _Stuck
        if losses["total"] < self._lowest:
            self._lowest, self.best = losses["total"], seen
        self._report(losses, lambda: seen)


def _by_adam(walk: _Walk, steps: int) -> None:
    optimizer = torch.optim.Adam([walk.unknowns], lr=walk.rate)
    for _ in range(steps):
        optimizer.step(walk.evaluate)


def _by_lbfgs(walk: _Walk, steps: int) -> None:
    """One call, for each begins with the loss where it already is; its tolerances are for other units than ours."""
    optimizer = torch.optim.LBFGS(
        [walk.unknowns],
        max_iter=steps,
        max_eval=steps,
        tolerance_grad=0,
        tolerance_change=0,
        history_size=_HISTORY,
        line_search_fn="strong_wolfe",
    )
    optimizer.step(walk.evaluate)
