"""The transform network (Johnson, Alahi and Fei-Fei 2016): one network for each style, one pass for each picture."""

from __future__ import annotations

from torch import Tensor, nn

from photostyle.features.base import IMAGENET_MEAN
from photostyle.methods.networks.padding import padded

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
    """Three convolutions down to a quarter of the size, five residual blocks, and up again: what is added to a picture.

    The paper's network paints the picture itself. Added to it, the photograph is there from the first step, and what a
    style needs is learned in hundreds of steps instead of tens of thousands. An untrained network adds nothing.

    Attributes:
        stages: One after the other, from what `entered` gives to what `left` takes.
    """

    def __init__(self) -> None:
        super().__init__()
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

    def forward(self, x: Tensor) -> Tensor:
        """Pictures (B, 3, H, W; 0–1) in the style, of any size; a little beyond 0–1 where the last layer says so."""
        inner = self.entered(x)
        for stage in self.stages:
            inner = stage(inner)
        return self.left(inner, x)

    def entered(self, x: Tensor) -> Tensor:
        """What the first stage takes: on 0–255 around the mean colour, sides padded to what halves twice."""
        return _FULL * (padded(x) - x.new_tensor(IMAGENET_MEAN)[:, None, None])

    def left(self, inner: Tensor, x: Tensor) -> Tensor:
        """What the last stage gives, added to x."""
        return x + inner[..., : x.shape[2], : x.shape[3]] / _FULL
