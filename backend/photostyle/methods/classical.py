"""The classical colour transfers: closed forms and histograms, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from photostyle.methods.base import Method, Option, Region
from photostyle.methods.mapped import ColorMap, MappedMethod
from photostyle.ops.adain import adain
from photostyle.ops.color_map import apply_color
from photostyle.ops.distribution_transfer import random_rotations, transfer_step
from photostyle.ops.gaussian import Gaussian, fit_gaussian, marginals
from photostyle.ops.lab import lab_to_rgb, rgb_to_lab
from photostyle.ops.moments import Moments, channel_moments
from photostyle.ops.monge_kantorovich import monge_kantorovich
from photostyle_protocol.progress import Progress
from photostyle_protocol.request import Scalar


def _color_of_style(region: Region) -> Gaussian:
    return region.look.color if region.look else fit_gaussian(region.style, region.style_weight)


def _lab_of_style(region: Region) -> Moments:
    return region.look.lab if region.look else channel_moments(rgb_to_lab(region.style), region.style_weight)


class MongeKantorovich(MappedMethod):
    """The affine map of RGB that gives the content the style's mean and covariance and moves colours least."""

    name = "monge-kantorovich"
    title = "Monge–Kantorovich colour map"
    paper = "Pitié and Kokaram, The linear Monge–Kantorovitch linear colour mapping, CVMP 2007"
    reads_looks = True

    def measured(self, content: Tensor) -> Tensor:
        """RGB; see `MappedMethod.measured`."""
        return content

    def color_map(self, of_content: Gaussian, region: Region) -> ColorMap:
        """The closed form; see `MappedMethod.color_map`."""
        map_ = monge_kantorovich(of_content, _color_of_style(region))
        return lambda content: apply_color(content, map_)


class Reinhard(MappedMethod):
    """Mean and standard deviation of each channel of CIE Lab."""

    name = "reinhard"
    title = "Reinhard's colour transfer"
    paper = "Reinhard, Ashikhmin, Gooch and Shirley, Color transfer between images, IEEE CG&A 2001"
    reads_looks = True

    def measured(self, content: Tensor) -> Tensor:
        """Lab, where the paper uses lαβ, which has no black; see `MappedMethod.measured`."""
        return rgb_to_lab(content)

    def color_map(self, of_content: Gaussian, region: Region) -> ColorMap:
        """Match the moments in Lab; see `MappedMethod.color_map`."""
        map_ = adain(marginals(of_content), _lab_of_style(region))
        return lambda content: lab_to_rgb(map_(rgb_to_lab(content)))


class Pitie(Method):
    """Iterative distribution transfer: the whole colour distribution, not only its moments."""

    name = "pitie"
    title = "Pitié's iterative distribution transfer"
    paper = "Pitié, Kokaram and Dahyot, N-dimensional probability density function transfer, ICCV 2005"
    options = (Option("iterations", 12, "Rotations of colour space; more come closer to the style.", 1, 100),)
    reads_looks = True
    is_swift = True

    def stylize(
        self, content: Tensor, regions: Sequence[Region], options: Mapping[str, Scalar], progress: Progress
    ) -> Tensor:
        """Run the iterations for each region; see `Method.stylize`."""
        rotations = random_rotations(int(options["iterations"]), seed=0).to(content.device)
        total = len(regions) * len(rotations)
        results = []
        for index, region in enumerate(regions):
            x = content[0].flatten(1)
            weights = region.weight.flatten(), region.style_weight.flatten()
            for step, rotation in enumerate(rotations):
                x = transfer_step(x, weights[0], region.style[0].flatten(1), weights[1], rotation)
                progress((index * len(rotations) + step + 1) / total, "distribution transfer")
            results.append(x.view_as(content))
        return torch.cat(results)
