"""Johnson: a network that was trained for one style paints it in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from photostyle.methods.base import Method, Option, Region
from photostyle.methods.networks.style_file import read_style
from photostyle.methods.networks.transform_net import TransformNet
from photostyle_protocol.errors import BadOptionError
from photostyle_protocol.progress import Progress
from photostyle_protocol.request import Scalar


class Johnson(Method):
    """The look is in the style file, so no style photograph is looked at: regions differ by their own colours alone."""

    name = "johnson"
    title = "Johnson: a trained style"
    paper = "Johnson, Alahi and Fei-Fei, Perceptual losses for real-time style transfer, ECCV 2016"
    options = (
        Option(
            "model",
            "",
            "The style file that photostyle train johnson made; it takes a photograph's place.",
            is_file=True,
        ),
    )
    finish = "grid"
    pixel_bytes = 900

    def stylize(
        self, content: Tensor, regions: Sequence[Region], options: Mapping[str, Scalar], progress: Progress
    ) -> Tensor:
        """Run the network once; see `Method.stylize`.

        Raises:
            BadOptionError: No style file is named, or it cannot be used.
        """
        progress(0.0, "reading the style")
        net = self._network(str(options["model"]))
        x = net.entered(content.clamp(0, 1))
        for number, stage in enumerate(net.stages, start=1):
            x = stage(x)
            progress(number / len(net.stages), "painting")
        colored = torch.cat([net.colored(content, region.weight) for region in regions])
        return colored + net.left(x, content)

    def _network(self, model: str) -> TransformNet:
        """Read anew for each job: it takes milliseconds, and the file may have been trained further."""
        if not model:
            raise BadOptionError(
                "No trained style is chosen.", "Choose the file (--model) that photostyle train johnson made."
            )
        return read_style(Path(model)).to(self.device)
