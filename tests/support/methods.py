"""Methods that only tests have."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

import pytest
import torch
from torch import Tensor

from photostyle.methods import registry
from photostyle.methods.base import Method, Option, Region
from photostyle_protocol.progress import Glimpse, Progress
from photostyle_protocol.request import Scalar


class Developing(Method):
    """Fades from the content to one colour in steps, and lets look at each."""

    name = "developing"
    title = "Developing"
    paper = "None."
    options = (Option("steps", 4, "How many.", 1, 1000), Option("seconds", 0.0, "How long each takes.", 0.0, 10.0))
    finish = "none"

    def stylize(
        self, content: Tensor, regions: Sequence[Region], options: Mapping[str, Scalar], progress: Progress
    ) -> Tensor:
        """See `Method.stylize`."""
        steps = int(options["steps"])
        goal = regions[0].style.mean((2, 3), keepdim=True).expand_as(content)
        picture = content
        for step in range(1, steps + 1):
            picture = content.lerp(goal, step / steps)
            losses = {"total": 1 - step / steps, "color": 0.5 - 0.5 * step / steps}
            time.sleep(float(options["seconds"]))
            progress(step / steps, "developing", Glimpse(losses, partial(torch.clone, picture)))
        return picture.expand(len(regions), -1, -1, -1)


def add_method(monkeypatch: pytest.MonkeyPatch, kind: type[Method]) -> None:
    """Let the registry know a method of this module until the test ends."""
    monkeypatch.setitem(registry._METHODS, kind.name, f"{kind.__module__}:{kind.__name__}")


class Hungry(Method):
    """Runs out of memory a stated number of times, and then does nothing."""

    name = "hungry"
    title = "Hungry"
    paper = "None."
    options = (Option("times", 1, "How many times.", 0, 1000),)
    finish = "grid"
    asked: ClassVar[list[tuple[int, int]]] = []
    """The sizes of the contents that it was given since the test began."""

    def stylize(
        self, content: Tensor, regions: Sequence[Region], options: Mapping[str, Scalar], progress: Progress
    ) -> Tensor:
        """See `Method.stylize`."""
        self.asked.append((content.shape[-2], content.shape[-1]))
        if len(self.asked) <= int(options["times"]):
            raise torch.OutOfMemoryError("Tried to allocate 20.00 GiB.")
        return content.expand(len(regions), -1, -1, -1)
