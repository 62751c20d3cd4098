"""What a method shows on its way, as the result will be: limited, as strong as asked for, with the content's alpha."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial

import torch
import torch.nn.functional as F
from torch import Tensor

from photostyle.imaging.pixels import channels_of
from photostyle.stylize.pixels import to_alpha, to_weight
from photostyle.stylize.proxy import reduce_picture
from photostyle.stylize.small_picture import shrunk
from photostyle.stylize.task import StylizeTask
from photostyle_protocol.progress import Glimpse, Progress


class Veil:
    """Lays a method's pictures over the content; nothing is computed before somebody looks.

    Args:
        task: Says how strong, and where.
        content: The content as the method sees it, (1, 3, h, w).
    """

    def __init__(self, task: StylizeTask, content: Tensor) -> None:
        self._task = task
        self._whole = content

    def over(self, progress: Progress) -> Progress:
        """The same progress, of glimpses that look like the result."""

        def veiled(fraction: float, stage: str, glimpse: Glimpse | None = None) -> None:
            shown = None if glimpse is None else glimpse._replace(picture=partial(self._laid, glimpse.picture))
            progress(fraction, stage, shown)

        return veiled

    def _laid(self, make: Callable[[], Tensor]) -> Tensor:
        """(1, 3 or 4, h', w'), small."""
        picture = make().to(self._content.dtype)
        picture = F.interpolate(picture, size=self._content.shape[-2:], mode="bilinear", antialias=True)
        mixed = self._content.lerp(picture, self._amount)
        return mixed if self._alpha is None else torch.cat([mixed, self._alpha], dim=1)

    @cached_property
    def _content(self) -> Tensor:
        return shrunk(self._whole)

    @cached_property
    def _amount(self) -> Tensor:
        limit, strength = self._task.limit, torch.full_like(self._content[:, :1], self._task.settings.strength)
        if limit is None:
            return strength
        return strength * reduce_picture(limit, self._size, to_weight, self._content.device)

    @cached_property
    def _alpha(self) -> Tensor | None:
        if channels_of(self._task.content) in (1, 3):
            return None
        return reduce_picture(self._task.content, self._size, to_alpha, self._content.device)

    @property
    def _size(self) -> tuple[int, int]:
        return self._content.shape[2], self._content.shape[3]
