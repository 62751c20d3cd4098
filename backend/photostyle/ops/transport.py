"""Entropic transport between two sets of masses that need not be met in full (Chizat et al. 2018)."""

from __future__ import annotations

import torch
from torch import Tensor

_ITERATIONS = 200
_TINY = 1e-12


def unbalanced_transport(cost: Tensor, supply: Tensor, demand: Tensor, blur: float, rigidity: float) -> Tensor:
    """Minimise ⟨P, C⟩ + ε KL(P ‖ supply ⊗ demand) + ρ KL(P 1 ‖ supply) + ρ KL(Pᵀ 1 ‖ demand).

    Args:
        cost: C (K, M).
        supply: (K,), positive, sums to 1.
        demand: (M,), likewise.
        blur: ε: differences of cost below it hardly count.
        rigidity: ρ: what it costs to leave a mass alone. Much of it moves everything, however far.

    Returns:
        The plan P (K, M).
    """
    kernel = torch.exp(-cost / blur) * supply[:, None] * demand
    power = rigidity / (rigidity + blur)
    rows, columns = torch.ones_like(supply), torch.ones_like(demand)
    for _ in range(_ITERATIONS):
        rows = (supply / (kernel @ columns).clamp_min(_TINY)) ** power
        columns = (demand / (kernel.T @ rows).clamp_min(_TINY)) ** power
    return rows[:, None] * kernel * columns
