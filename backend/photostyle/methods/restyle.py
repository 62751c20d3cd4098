"""Wu's stylizer: features aggregated at four scales, redistributed by a decoder that unpools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from safetensors.torch import load
from torch import Tensor

from photostyle.methods.base import Method, Option, Region
from photostyle.methods.networks.restyle_net import Decoded, Encoded, Look, RestyleNet, load_restyle, own_look
from photostyle.models.store import read_model
from photostyle.ops.feature_aggregation import AGGREGATIONS
from photostyle.ops.gain import MAX_GAIN
from photostyle.ops.moments import channel_moments
from photostyle_protocol.progress import Progress, within
from photostyle_protocol.request import Scalar

CHECKPOINT = "restyle.safetensors"
_FLAT = 1e-7
"""A variance of 0–1 that is none: a tenth of a step of 8 bits."""


class Restyle(Method):
    """A fixed encoder, aggregation of the style without parameters, and a decoder trained to stylize and re-stylize.

    The default form adds to the photograph what the style changes in the decoder's output, so that a picture in its own
    style comes back and colours beyond 0–1 survive. The paper's form takes the decoder's output as it is.
    """

    name = "restyle"
    title = "Restyle: redistributed and re-stylized features"
    paper = "Redistributing and re-stylizing features for training a fast photorealistic stylizer"
    is_swift = True
    options = (
        Option(
            "form",
            "kept",
            "kept: the photograph plus what the style changes in the network's output; paper: that output alone.",
            choices=("kept", "paper"),
        ),
        Option(
            "aggregation",
            "moments",
            "How the style enters: moments works; printed is the paper's equation 1, which lets no style in.",
            choices=tuple(AGGREGATIONS),
        ),
    )

    pixel_bytes = 500

    def __init__(self, device: torch.device) -> None:
        super().__init__(device)
        self._network: RestyleNet | None = None

    def network(self) -> RestyleNet:
        """The shipped stylizer, loaded once."""
        if self._network is None:
            self._network = load_restyle(load(read_model(CHECKPOINT)), self.device)
        return self._network

    def stylize(
        self, content: Tensor, regions: Sequence[Region], options: Mapping[str, Scalar], progress: Progress
    ) -> Tensor:
        """Encode, then aggregate and decode for each region; see `Method.stylize`."""
        network, aggregation = self.network(), str(options["aggregation"])
        looks = _looks(network, regions, within(progress, 0.0, 0.3))
        progress(0.3, "content features")
        encoded = _encoded(network, content, torch.stack([region.weight for region in regions]).sum(0))
        own = _decoded(network, encoded, own_look(encoded), aggregation) if options["form"] == "kept" else None
        found = []
        for k, look in enumerate(looks):
            progress(0.5 + 0.5 * k / len(looks), "decoding")
            picture = _decoded(network, encoded, look, aggregation)
            found.append(picture if own is None else content + _limited(picture - own, content, look.weight))
        progress(1.0, "decoding")
        return torch.cat(found)


def _limited(change: Tensor, content: Tensor, weight: Tensor) -> Tensor:
    """A change (1, 3, H, W) that deviates no more than `MAX_GAIN` times as far as the content does.

    What unpooling paints into a flat picture would be all that there is to see.
    """
    most = MAX_GAIN * channel_moments(content, weight, _FLAT).std
    mean, std = channel_moments(change, weight, _FLAT)
    return mean + (most / std).clamp(max=1) * (change - mean)


def _decoded(network: RestyleNet, content: Encoded, look: Look, aggregation: str) -> Tensor:
    decoded: Decoded = network.decoder(content, [look], aggregation)
    return decoded.picture


def _looks(network: RestyleNet, regions: Sequence[Region], progress: Progress) -> list[Look]:
    """Each region with its style encoded; it is decoded by itself, everywhere, for the caller to blend."""
    found: list[Look] = []
    for k, region in enumerate(regions):
        progress(k / len(regions), "style features")
        style = _encoded(network, region.style, region.style_weight)
        found.append(Look(torch.ones_like(region.blend), region.weight, style, region.style_weight))
    return found


def _encoded(network: RestyleNet, picture: Tensor, weight: Tensor) -> Encoded:
    """Features; the network has seen nothing beyond 0–1, and a very bright pixel would drown all others.

    What does not count at all gets the mean colour of what does: the encoder sees sixty pixels far.
    """
    seen = picture.clamp(0, 1)
    encoded: Encoded = network.encoder(torch.where(weight > 0, seen, channel_moments(seen, weight).mean))
    return encoded
