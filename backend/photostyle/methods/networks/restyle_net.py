"""The stylizer of Wu et al.: a fixed VGG-shaped encoder, and a decoder that unpools to where the maxima were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photostyle.features.embedded import EmbeddedFeatures
from photostyle.ops.adain import blend
from photostyle.ops.feature_aggregation import AGGREGATIONS

SCALES = 3
"""Poolings, and as many unpoolings."""
_STAGES = ((16, 2), (32, 2), (64, 3), (96, 1))
"""Channels and convolutions of the encoder between two poolings: the embedded network's, up to relu4_1."""


class Encoded(NamedTuple):
    """A picture as the encoder sees it.

    Attributes:
        taps: relu1_1, relu2_1, relu3_1 and relu4_1, at 1, ½, ¼ and ⅛ of the size, rounded up.
        pooled: P¹, P², P³, each behind a max pooling.
        masks: Where in the unpooled map each maximum was, int64, shaped as `pooled`.
        sizes: Height and width in front of each pooling.
    """

    taps: list[Tensor]
    pooled: list[Tensor]
    masks: list[Tensor]
    sizes: list[torch.Size]

    @property
    def aggregated(self) -> list[Tensor]:
        """What the aggregation layers take from a style, deep to shallow: relu4_1, P³, P², P¹."""
        return [self.taps[-1], *reversed(self.pooled)]


class Look(NamedTuple):
    """One region and its style.

    Attributes:
        blend: (B, 1, H, W), how much each content pixel belongs here; all sum to 1.
        weight: (B, 1, H, W), how much each content pixel counts.
        style: The style as the encoder sees it.
        style_weight: (B, 1, h, w), how much each style pixel counts.
    """

    blend: Tensor
    weight: Tensor
    style: Encoded
    style_weight: Tensor


class Decoded(NamedTuple):
    """A picture, and what it was made of.

    Attributes:
        picture: (B, 3, H, W), nominally 0–1.
        aggregated: Q¹, Q², Q³, each in front of an unpooling, shaped as the content's P¹, P², P³.
    """

    picture: Tensor
    aggregated: list[Tensor]


class MaskedEncoder(nn.Module):
    """The convolutions of `EmbeddedFeatures` up to relu4_1, with maxima where it takes averages; never trained.

    Unpooling needs to know where a value came from, which an average does not tell.
    """

    def __init__(self) -> None:
        super().__init__()
        whole = EmbeddedFeatures()
        kept = zip(whole.stages, _STAGES, strict=False)
        self.stages = nn.ModuleList(cast(nn.Sequential, stage)[:count] for stage, (_, count) in kept)
        self.eval().requires_grad_(False)

    def take(self, network: EmbeddedFeatures) -> None:
        """Copy what an embedded network has learned."""
        known = network.state_dict()
        self.load_state_dict({name: known[name] for name in self.state_dict()})

    def forward(self, x: Tensor) -> Encoded:
        """Encode pictures (B, 3, H, W; 0–1) of any size."""
        found = Encoded([], [], [], [])
        x = EmbeddedFeatures.standardised(x)
        for number, stage in enumerate(self.stages):
            if number:
                found.sizes.append(x.shape[-2:])
                x, mask = F.max_pool2d(x, 2, ceil_mode=True, return_indices=True)
                found.pooled.append(x)
                found.masks.append(mask)
            first, *others = cast(nn.Sequential, stage)
            x = F.relu(first(x))
            found.taps.append(x)
            for layer in others:
                x = F.relu(layer(x))
        return found


class UnpoolingDecoder(nn.Module):
    """Mirrors the encoder; in front of everything and of each unpooling the style is aggregated.

    The deepest stage has one more convolution than the encoder's (Conv_4_d2), to redistribute between places what was
    aggregated.
    """

    def __init__(self) -> None:
        super().__init__()
        widths = [3, *(channels for channels, _ in _STAGES)]
        stages = [_mirrored(o, i, count) for (i, o), (_, count) in zip(pairwise(widths), _STAGES, strict=True)]
        stages[-1].append(_convolution(widths[-2], widths[-2]))
        self.stages = nn.ModuleList(reversed(stages))
        _begin_grey(cast(nn.Conv2d, stages[0][-1]))

    def forward(self, content: Encoded, looks: Sequence[Look], aggregation: str) -> Decoded:
        """Decode the content in the look of its regions; the last convolution has no ReLU."""
        x = _aggregate(content.taps[-1], looks, 0, aggregation)
        aggregated: list[Tensor] = []
        for depth, stage in enumerate(self.stages):
            *first, last = cast(nn.Sequential, stage)
            for layer in first:
                x = F.relu(layer(x))
            x = last(x)
            if depth < SCALES:
                x = _aggregate(F.relu(x), looks, depth + 1, aggregation)
                aggregated.insert(0, x)
                at = SCALES - 1 - depth
                x = F.max_unpool2d(x, content.masks[at], (2, 2), output_size=content.sizes[at])
        return Decoded(x, aggregated)


class RestyleNet(nn.Module):
    """Encoder and decoder of one stylizer."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = MaskedEncoder()
        self.decoder = UnpoolingDecoder()


def own_look(content: Encoded) -> Look:
    """The content in its own look: aggregation by moments then changes nothing."""
    everywhere = torch.ones_like(content.taps[0][:, :1])
    return Look(everywhere, everywhere, content, everywhere)


def _aggregate(x: Tensor, looks: Sequence[Look], depth: int, aggregation: str) -> Tensor:
    """One aggregation layer, region by region; in float32, whatever the convolutions compute in."""
    x = x.float()
    maps = [
        AGGREGATIONS[aggregation](x, at_size(look.weight, x), style, at_size(look.style_weight, style))
        for look in looks
        for style in (look.style.aggregated[depth].float(),)
    ]
    return blend(x, maps, [at_size(look.blend, x) for look in looks])


def at_size(weight: Tensor, like: Tensor) -> Tensor:
    """A weight (B, 1, H, W) averaged to the size of features."""
    return F.adaptive_avg_pool2d(weight, like.shape[-2:])  # type: ignore[arg-type]


def _mirrored(inputs: int, outputs: int, count: int) -> nn.Sequential:
    """The convolutions of a stage in reverse: the last one changes the channels."""
    return nn.Sequential(*(_convolution(inputs, o) for o in (*(inputs for _ in range(count - 1)), outputs)))


def _convolution(inputs: int, outputs: int) -> nn.Conv2d:
    layer = nn.Conv2d(inputs, outputs, 3, padding=1, padding_mode="replicate")
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    nn.init.zeros_(layer.bias)  # type: ignore[arg-type] # it has one
    return layer


def _begin_grey(layer: nn.Conv2d) -> None:
    """A last layer that paints grey: noise would send the losses, which look through the encoder, sky-high."""
    nn.init.zeros_(layer.weight)
    nn.init.constant_(layer.bias, 0.5)  # type: ignore[arg-type] # it has one


def load_restyle(state: Mapping[str, Tensor], device: torch.device) -> RestyleNet:
    """A network ready to run from the tensors of a checkpoint."""
    network = RestyleNet()
    network.load_state_dict({name: tensor.float() for name, tensor in state.items()})
    network.eval().requires_grad_(False).to(device)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network
