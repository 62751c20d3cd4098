"""The resolution-preserving network as it is run: ten 3×3 convolutions and nothing between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photostyle.methods.networks.rpnet import CHANNELS, LevelFeatures, RegionMaps, RPNet
from photostyle.ops.adain import FeatureMap
from photostyle.ops.gaussian import Gaussian, GaussianSum
from photostyle.ops.small_algebra import exact


class Affine(NamedTuple):
    """A 1×1 convolution: x ↦ matrix · x + shift, (C, C) and (C,), in float64, see `small_algebra.exact`."""

    matrix: Tensor
    shift: Tensor


class Kernel(NamedTuple):
    """A 3×3 convolution, (O, I, 3, 3) and (O,)."""

    weight: Tensor
    bias: Tensor

    def after(self, first: Affine) -> Kernel:
        """This convolution of what a 1×1 convolution makes; replicated borders change nothing about it."""
        weight = torch.einsum("ocyx,ci->oiyx", self.weight, first.matrix)
        return Kernel(weight, self.bias + torch.einsum("ocyx,c->o", self.weight, first.shift))

    def ready(self, dtype: torch.dtype, device: torch.device) -> Kernel:
        """The same in the precision and at the place where it runs."""
        weight = self.weight.to(device, dtype).contiguous(memory_format=torch.channels_last)
        return Kernel(weight, self.bias.to(device, dtype))

    def __call__(self, x: Tensor) -> Tensor:
        """Convolve framed maps (1, I, H + 2, W + 2); the frame is gone, (1, O, H, W)."""
        return F.conv2d(x, self.weight, self.bias)

    def rectified(self, x: Tensor) -> Tensor:
        """Convolve framed maps (1, I, H + 2, W + 2), then ReLU; framed again, (1, O, H + 2, W + 2)."""
        return _reframed(F.conv2d(x, self.weight, self.bias, padding=1).relu_())


def _framed(x: Tensor) -> Tensor:
    """Maps (1, C, H, W) with their border replicated around them, (1, C, H + 2, W + 2)."""
    return F.pad(x, (1, 1, 1, 1), mode="replicate")


def _reframed(x: Tensor) -> Tensor:
    """Framed maps whose frame is taken anew from what it encloses, in place: a copy of all would cost a sixth more."""
    for inside, rim in ((1, 0), (-2, -1)):
        x[:, :, rim] = x[:, :, inside]
        x[..., rim] = x[..., inside]
    return x


def _enclosed(x: Tensor) -> Tensor:
    """What a frame encloses, (1, C, H, W)."""
    return x[..., 1:-1, 1:-1]


def _exact(tensor: Tensor) -> Tensor:
    return exact(tensor.detach())


def _block(block: nn.Module) -> tuple[Kernel, Affine]:
    """An `RPConvBlock`'s 3×3 convolution with its batch norm, and its 1×1 convolution; between them is the ReLU."""
    layers: Sequence[Any] = list(block.children())
    convolution, norm, _, mixing = layers
    gain = _exact(norm.weight) / torch.sqrt(_exact(norm.running_var) + norm.eps)
    weight = _exact(convolution.weight) * gain[:, None, None, None]
    kernel = Kernel(weight, _exact(norm.bias) - gain * _exact(norm.running_mean))
    return kernel, Affine(_exact(mixing.weight)[:, :, 0, 0], _exact(mixing.bias))


def _plain(convolution: nn.Conv2d) -> Kernel:
    assert convolution.bias is not None  # noqa: S101 - the decoder's convolutions have one
    return Kernel(_exact(convolution.weight), _exact(convolution.bias))


class _Tail(NamedTuple):
    """The decoder's convolutions; those of levels 4 and 3 read the way from below and the level side by side."""

    level5: Kernel
    level4: Kernel
    level3: Kernel
    level2: Kernel

    def penultimate(self, features: LevelFeatures) -> Tensor:
        """All but the last convolution, framed."""
        x = self.level5.rectified(features.level5)
        x = self.level4.rectified(torch.cat([x, features.level4], dim=1))
        x = self.level3.rectified(torch.cat([x, features.level3], dim=1))
        return self.level2.rectified(x)


class FoldedRPNet:
    """An `RPNet` for pictures, not for training; the same function to the precision of its numbers.

    Batch norm and each 1×1 convolution are folded into the 3×3 convolution beside them, in float64. What it calls
    features is what a level's 1×1 convolution would take, and the maps of a single region are folded as well. Between
    convolutions, maps keep a frame of replicated borders, so that none is copied to be padded.

    Args:
        network: The trained network.
        dtype: Of weights and maps. In half precision all that is summed up is summed up in float32.
        device: Where to run.
    """

    def __init__(self, network: RPNet, dtype: torch.dtype, device: torch.device) -> None:
        self.dtype, self.device = dtype, device
        kernels, affines = zip(*(_block(block) for block in network.encoder.blocks), strict=True)
        folded = [kernels[0], *(k.after(a) for k, a in zip(kernels[1:], affines[:-1], strict=True))]
        self._encoder = [self._ready(kernel) for kernel in folded]
        self._affines: list[Affine] = list(affines[-len(LevelFeatures._fields) :])
        decoder = network.decoder
        self._decoder = _Tail(*(_plain(c) for c in (decoder.level5, decoder.level4, decoder.level3, decoder.level2)))
        self._last = self._ready(_plain(decoder.level1))
        self._given = _Tail(*map(self._ready, self._decoder))
        self._own = self._folded(self._affines)

    def _ready(self, kernel: Kernel) -> Kernel:
        return kernel.ready(self.dtype, self.device)

    def encode(self, picture: Tensor) -> LevelFeatures:
        """Features of a picture (1, 3, H, W; nominally 0–1) or of a tile of one, framed: (1, 16, H + 2, W + 2) each.

        A tile is right but for `RECEPTIVE_RADIUS` pixels along the sides on which the picture goes on.
        """
        # It has seen nothing beyond 0–1, and a very bright pixel would drown all others.
        x = _framed(picture.clamp(0, 1).to(self.dtype).contiguous(memory_format=torch.channels_last))
        levels = []
        for kernel in self._encoder:
            x = kernel.rectified(x)
            levels.append(x)
        return LevelFeatures(*levels[-len(self._affines) :])

    def statistics(self, features: LevelFeatures, weight: Tensor) -> tuple[Gaussian, Gaussian, Gaussian]:
        """The levels of `region_statistics`, of features that `encode` made, under a weight (1, 1, H, W)."""
        return self.gaussians([GaussianSum.of(x, weight) for x in self.enclosed(features)])

    @staticmethod
    def enclosed(features: LevelFeatures) -> LevelFeatures:
        """Features without their frames, (1, 16, H, W) each."""
        return LevelFeatures(*map(_enclosed, features))

    def gaussians(self, levels: Sequence[Gaussian]) -> tuple[Gaussian, Gaussian, Gaussian]:
        """What `RegionStatistics` tells of the levels, from the Gaussians of the features of levels 3, 4 and 5."""
        three, four, five = (_through(a, g) for a, g in zip(self._affines, levels, strict=True))
        return three, four, five

    def decode(self, features: LevelFeatures, maps: RegionMaps, weights: Sequence[Tensor]) -> Tensor:
        """See `RPNet.decode`; the features are those of `encode`."""
        return self._last(self._stylised(features, maps, weights)).float()

    def residual(self, features: LevelFeatures, maps: RegionMaps, weights: Sequence[Tensor]) -> Tensor:
        """See `RPNet.residual`; the last convolution is linear, so it takes the difference."""
        changed = self._stylised(features, maps, weights).sub_(self._own.penultimate(features))
        return self._last._replace(bias=torch.zeros_like(self._last.bias))(changed).float()

    def _stylised(self, features: LevelFeatures, maps: RegionMaps, weights: Sequence[Tensor]) -> Tensor:
        joined = [[_joined(own, m) for m in of_level] for own, of_level in zip(self._affines, maps, strict=True)]
        if len(weights) == 1:
            return self._folded([of_level[0] for of_level in joined]).penultimate(features)
        return self._given.penultimate(self._blended(features, joined, weights))

    def _folded(self, affines: Sequence[Affine]) -> _Tail:
        """The decoder of features that take a map first, each level its own."""
        three, four, five = affines
        tail = self._decoder
        return _Tail(
            self._ready(tail.level5.after(five)),
            self._ready(tail.level4.after(_beside(four))),
            self._ready(tail.level3.after(_beside(three))),
            self._given.level2,
        )

    def _blended(
        self, features: LevelFeatures, maps: Sequence[Sequence[Affine]], weights: Sequence[Tensor]
    ) -> LevelFeatures:
        """Σ mₖ · Tₖ(F) at each level."""
        shares = [_framed(w).to(self.dtype) for w in weights]
        found = []
        for level, of_level in zip(features, maps, strict=True):
            total = torch.zeros_like(level)
            for share, map_ in zip(shares, of_level, strict=True):
                total.addcmul_(share, self._mixed(level, map_))
            found.append(total)
        return LevelFeatures(*found)

    def _mixed(self, x: Tensor, map_: Affine) -> Tensor:
        weight = map_.matrix[:, :, None, None].to(x.device, x.dtype).contiguous(memory_format=torch.channels_last)
        return F.conv2d(x, weight, map_.shift.to(x.device, x.dtype))


def _joined(first: Affine, then: FeatureMap) -> Affine:
    matrix, shift = (_exact(t)[0] for t in then.affine())
    return Affine(matrix @ first.matrix, matrix @ first.shift + shift)


def _beside(map_: Affine) -> Affine:
    """The map of the second half of the channels, the first half stays."""
    still = torch.eye(CHANNELS, dtype=map_.matrix.dtype, device=map_.matrix.device)
    return Affine(torch.block_diag(still, map_.matrix), torch.cat([torch.zeros_like(map_.shift), map_.shift]))


def _through(map_: Affine, gaussian: Gaussian) -> Gaussian:
    mean, covariance = map(_exact, gaussian)
    mapped = Gaussian(mean @ map_.matrix.T + map_.shift, map_.matrix @ covariance @ map_.matrix.T)
    return Gaussian(*(t.to(gaussian.mean) for t in mapped))
