"""Feature aggregation: a style enters a decoder's features at each place, without a parameter (Wu et al., eq. 1)."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from photostyle.ops.adain import ChannelAffine, adain
from photostyle.ops.moments import channel_moments

Aggregation = Callable[[Tensor, Tensor, Tensor, Tensor], ChannelAffine]
"""(F, its weight, G, its weight) ↦ the map from F to what holds the style as well.

F (B, C, H, W) are the decoder's features and G (B, C, h, w) the encoder's of the style; weights are (B, 1, ·, ·).
"""


def printed(f: Tensor, on_f: Tensor, g: Tensor, on_g: Tensor) -> ChannelAffine:
    """z_m = x_m + mean_j(x_m − (y_j − μ_G)), equation 1 as it is printed.

    It is degenerate: the y_j − μ_G have the mean 0, so z_m = 2 x_m whatever the style is. To be shown, not to be used.
    """
    return ChannelAffine(f.new_full((1, 1, 1, 1), 2.0), f.new_zeros((1, 1, 1, 1)))


def moments(f: Tensor, on_f: Tensor, g: Tensor, on_g: Tensor) -> ChannelAffine:
    """z_m = μ_G + σ_G (x_m − μ_F) / σ_F: what equation 1 says in words, made to work, and as free of parameters.

    The average difference between the features is what is moved, the mean of both is removed; the deviations bring in
    the style's contrast. That is adaptive instance normalisation, here of the decoder's own features at four scales.
    """
    return adain(channel_moments(f, on_f), channel_moments(g, on_g))


AGGREGATIONS: dict[str, Aggregation] = {"moments": moments, "printed": printed}
"""By name, the one that works first."""
