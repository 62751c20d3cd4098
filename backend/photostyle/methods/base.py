"""What a method is: a declared name, paper and options, and one way to stylize."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor

from photostyle.methods.networks.look_statistics import LookStatistics
from photostyle_protocol.errors import BadOptionError
from photostyle_protocol.progress import Progress
from photostyle_protocol.request import Scalar

LONGEST_TEXT = 4096
"""Characters of a text; no system allows a longer path."""


@dataclass(frozen=True)
class Option:
    """One option of a method.

    Attributes:
        name: As typed after ``--option``.
        default: Also decides the type.
        help: One sentence.
        minimum: Smallest number, if it is a number.
        maximum: Largest number, if it is a number.
        choices: The allowed words, if it is a word; a text without choices may be any.
        is_file: The text names a file, or is empty for none.
    """

    name: str
    default: Scalar
    help: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    is_file: bool = False

    def checked(self, value: Scalar) -> Scalar:
        """The value in the option's type; a number may come as text, as it does from a command line.

        Raises:
            BadOptionError: Wrong type or out of range.
        """
        if self.choices:
            return self._word(value)
        return self._text(value) if isinstance(self.default, str) else self._number(value)

    def _word(self, value: Scalar) -> Scalar:
        if value not in self.choices:
            raise BadOptionError(f"{self.name} is {value!r}.", f"Choose from: {', '.join(self.choices)}.")
        return value

    def _text(self, value: Scalar) -> Scalar:
        if not isinstance(value, str):
            raise BadOptionError(f"{self.name} is {value!r}.", "Give a text.")
        if len(value) > LONGEST_TEXT:
            raise BadOptionError(
                f"{self.name} is a text of {len(value)} characters.", f"Give at most {LONGEST_TEXT} of them."
            )
        return value

    def _number(self, value: Scalar) -> Scalar:
        whole = isinstance(self.default, int)
        low, high = self.minimum, self.maximum
        hint = f"Give a {'whole ' if whole else ''}number from {low} to {high}."
        try:
            if isinstance(value, bool):
                raise TypeError(value)
            number = int(str(value)) if whole else float(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise BadOptionError(f"{self.name} is {value!r}.", hint) from error
        # Written so that NaN, which compares false, is refused.
        if not ((low is None or number >= low) and (high is None or number <= high)):
            raise BadOptionError(f"{self.name} is {value}.", hint)
        return number


class Region(NamedTuple):
    """One region as a method sees it.

    Attributes:
        blend: (1, 1, H, W), how much each content pixel belongs here; all regions' blends sum to 1 everywhere.
        weight: (1, 1, H, W), how much each content pixel counts in this region's statistics.
        style: (1, 3, h, w), encoded RGB, nominally 0–1; of a look its palette, which has the colours and no places.
        style_weight: (1, 1, h, w), how much each style pixel counts.
        look: What is known of a style that is no photograph but a look; only for methods that read looks.
        style_name: A style that has the same is the same; empty if it has none.
    """

    blend: Tensor
    weight: Tensor
    style: Tensor
    style_weight: Tensor
    look: LookStatistics | None = None
    style_name: bytes = b""


class Method(ABC):
    """A way to give a content photograph the look of a style.

    Attributes:
        name: In commands and on the wire.
        title: For people.
        paper: Where it comes from.
        options: What can be set.
        finish: The finish that suits it when the person does not say: ``grid``, ``guided`` or ``none``.
        working_bytes: Memory that it takes whatever it sees, measured.
        pixel_bytes: And for each pixel that it sees.
        reads_looks: Whether a region's style may be a look.
        is_swift: Whether it shows nothing on its way and reads no files, so that what it made may serve the next job.
        is_smooth_map: Whether one smooth map takes every colour of a region to its new one: a LUT holds it.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    paper: ClassVar[str]
    options: ClassVar[tuple[Option, ...]] = ()
    finish: ClassVar[str] = "grid"
    working_bytes: ClassVar[int] = 50 * 2**20
    pixel_bytes: ClassVar[int] = 400
    reads_looks: ClassVar[bool] = False
    is_swift: ClassVar[bool] = False
    is_smooth_map: ClassVar[bool] = False

    def __init__(self, device: torch.device) -> None:
        self.device = device

    @classmethod
    def memory(cls, seen: int, options: Mapping[str, Scalar]) -> int:
        """Bytes that it takes at its peak for so many seen pixels; all options are given."""
        return cls.working_bytes + seen * cls.pixel_bytes

    @abstractmethod
    def stylize(
        self, content: Tensor, regions: Sequence[Region], options: Mapping[str, Scalar], progress: Progress
    ) -> Tensor:
        """Give each region its style.

        Args:
            content: (1, 3, H, W), encoded RGB, nominally 0–1, any size from 1×1.
            regions: K of them.
            options: All options of the method, checked and complete.
            progress: Called between steps with the done fraction of this method.

        Returns:
            (K, 3, H, W): the content in the look of each region, everywhere, for the caller to blend.
        """

    def stylize_for_finish(
        self,
        content: Tensor,
        regions: Sequence[Region],
        options: Mapping[str, Scalar],
        progress: Progress,
        name: bytes | None,
    ) -> Tensor:
        """`stylize` for a finish, which takes nothing but smooth transforms from it: half the digits may do.

        Args:
            content: See `stylize`.
            regions: See `stylize`.
            options: See `stylize`.
            progress: See `stylize`.
            name: The same name comes with the same content and regions, so that what was found out about them may be
                kept for other options; ``None`` if they will not come again.
        """
        return self.stylize(content, regions, options, progress)

    @classmethod
    def complete(cls, given: Mapping[str, Scalar]) -> dict[str, Scalar]:
        """Check the given options and fill in the defaults.

        Raises:
            BadOptionError: An option is unknown or has a value that is not allowed.
        """
        known = {option.name: option for option in cls.options}
        for name in given:
            if name not in known:
                hint = f"It has: {', '.join(known)}." if known else "It has none."
                raise BadOptionError(f"The method {cls.name} has no option {name!r}.", hint)
        return {name: option.checked(given.get(name, option.default)) for name, option in known.items()}
