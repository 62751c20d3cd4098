"""The transform network (Johnson, Alahi and Fei-Fei 2016): one network for each style, one pass for each picture."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from photostyle.features.base import IMAGENET_MEAN
from photostyle.methods.networks.padding import padded
from photostyle.ops.color_map import apply_color
from photostyle.ops.gaussian import Gaussian, fit_gaussian
from photostyle.ops.monge_kantorovich import monge_kantorovich

_FULL = 255.0
"""The network works on 0–255: its last layer then learns as fast as the others."""
_RESIDUALS = 5


class _Convolution(nn.Sequential):
    """Replication pad, convolution, instance normalisation; ReLU unless a shortcut follows."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, relu: bool = True) -> None:
        layers: list[nn.Module] = [
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, padding_mode="replicate", bias=False),
            nn.InstanceNorm2d(outputs, affine=True),
        ]
        super().__init__(*layers, *([nn.ReLU()] if relu else []))


class _Residual(nn.Module):
    """Two 3×3 convolutions beside a shortcut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.path = nn.Sequential(_Convolution(channels, channels, 3), _Convolution(channels, channels, 3, relu=False))

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.path(x)
        return out


class _Doubling(nn.Sequential):
    """Nearest neighbours, then a convolution: a transposed convolution would leave a chequered pattern."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(nn.Upsample(scale_factor=2, mode="nearest"), _Convolution(inputs, outputs, 3))


class TransformNet(nn.Module):
    """A colour map to the style's statistics, and what the network adds to it.

    Three convolutions lead down to a quarter of the size, five residual blocks follow, and it goes up again. The
    paper's network paints the picture itself. Added to the photograph in the style's colours, it has textures and
    light alone to learn, in hundreds of steps instead of tens of thousands. An untrained network adds nothing.

    Attributes:
        stages: One after the other, from what `entered` gives to what `left` takes.
    """

    style_mean: Tensor
    style_covariance: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("style_mean", torch.full((1, 3), 0.5))
        self.register_buffer("style_covariance", 0.05 * torch.eye(3)[None])
        self.stages = nn.ModuleList(
            [
                _Convolution(3, 32, 9),
                _Convolution(32, 64, 3, 2),
                _Convolution(64, 128, 3, 2),
                *(_Residual(128) for _ in range(_RESIDUALS)),
                _Doubling(128, 64),
                _Doubling(64, 32),
                nn.Conv2d(32, 3, 9, padding=4, padding_mode="replicate"),
            ]
        )
        for parameter in self.stages[-1].parameters():
            nn.init.zeros_(parameter)

    def wear(self, style: Gaussian) -> None:
        """Take on the colour statistics (1, 3) and (1, 3, 3) of a style."""
        self.style_mean.copy_(style.mean)
        self.style_covariance.copy_(style.covariance)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures (B, 3, H, W; 0–1) in the style, of any size; a little beyond 0–1 where the last layer says so."""
        inner = self.entered(x)
        for stage in self.stages:
            inner = stage(inner)
        return self.colored(x, torch.ones_like(x[:, :1])) + self.left(inner, x)

    def colored(self, x: Tensor, weight: Tensor) -> Tensor:
        """Pictures in the style's colours: x by the map from its own statistics, under a weight (B, 1, H, W)."""
        count = len(x)
        style = Gaussian(self.style_mean.expand(count, -1), self.style_covariance.expand(count, -1, -1))
        return apply_color(x, monge_kantorovich(fit_gaussian(x, weight), style))

    def entered(self, x: Tensor) -> Tensor:
        """What the first stage takes: on 0–255 around the mean colour, sides padded to what halves twice."""
        return _FULL * (padded(x) - x.new_tensor(IMAGENET_MEAN)[:, None, None])

    def left(self, inner: Tensor, x: Tensor) -> Tensor:
        """What the last stage gives as what is added to a picture of the size of x."""
        return inner[..., : x.shape[2], : x.shape[3]] / _FULL
