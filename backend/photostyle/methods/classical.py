"""The classical colour transfers: closed forms and histograms, no network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import torch
from torch import Tensor

from photostyle.methods.base import Method, Option, Region
from photostyle.methods.overview import Overview, TiledMethod, Weighted
from photostyle.ops.adain import adain
from photostyle.ops.color_map import apply_color
from photostyle.ops.distribution_transfer import random_rotations, transfer_step
from photostyle.ops.gaussian import Gaussian, fit_gaussian, marginals
from photostyle.ops.lab import lab_to_rgb, rgb_to_lab
from photostyle.ops.moments import Moments, channel_moments
from photostyle.ops.monge_kantorovich import monge_kantorovich
from photostyle_protocol.progress import Progress
from photostyle_protocol.request import Scalar

T = TypeVar("T")


def _each(maps: Sequence[T], mapped: Callable[[T], Tensor], progress: Progress) -> Tensor:
    """The results (1, 3, H, W) of all regions, as (K, 3, H, W)."""
    results = []
    for index, map_ in enumerate(maps):
        results.append(mapped(map_))
        progress((index + 1) / len(maps), "colour map")
    return torch.cat(results)


def _color_of_style(region: Region) -> Gaussian:
    return region.look.color if region.look else fit_gaussian(region.style, region.style_weight)


def _lab_of_style(region: Region) -> Moments:
    return region.look.lab if region.look else channel_moments(rgb_to_lab(region.style), region.style_weight)


class MongeKantorovich(TiledMethod):
    """The affine map of RGB that gives the content the style's mean and covariance and moves colours least."""

    name = "monge-kantorovich"
    title = "Monge–Kantorovich colour map"
    paper = "Pitié and Kokaram, The linear Monge–Kantorovitch linear colour mapping, CVMP 2007"
    finish = "none"
    reads_looks = True
    is_smooth_map = True

    def paint(
        self,
        content: Tensor,
        regions: Sequence[Region],
        options: Mapping[str, Scalar],
        progress: Progress,
        overview: Overview,
    ) -> Tensor:
        """Map the content by each region's closed form; see `TiledMethod.paint`."""
        of_content = overview.gaussians([Weighted(content, region.weight) for region in regions])
        pairs = zip(of_content, regions, strict=True)
        maps = overview.once(lambda: [monge_kantorovich(of, _color_of_style(region)) for of, region in pairs])
        return _each(maps, lambda color: apply_color(content, color), progress)


class Reinhard(TiledMethod):
    """Mean and standard deviation of each channel of CIE Lab."""

    name = "reinhard"
    title = "Reinhard's colour transfer"
    paper = "Reinhard, Ashikhmin, Gooch and Shirley, Color transfer between images, IEEE CG&A 2001"
    finish = "none"
    reads_looks = True
    is_smooth_map = True

    def paint(
        self,
        content: Tensor,
        regions: Sequence[Region],
        options: Mapping[str, Scalar],
        progress: Progress,
        overview: Overview,
    ) -> Tensor:
        """Match the moments in Lab, where the paper uses lαβ, which has no black; see `TiledMethod.paint`."""
        lab = rgb_to_lab(content)
        of_content = overview.gaussians([Weighted(lab, region.weight) for region in regions])
        pairs = zip(of_content, regions, strict=True)
        maps = overview.once(lambda: [adain(marginals(of), _lab_of_style(region)) for of, region in pairs])
        return _each(maps, lambda map_: lab_to_rgb(map_(lab)), progress)


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
