"""The whole request as one tree of values; nothing about a job lives elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping, Optional, Tuple, Union

from photostyle_protocol.color_space import ColorSpace

Scalar = Union[bool, int, float, str]


@dataclass(frozen=True)
class Settings:
    """How to stylize.

    Attributes:
        method: Name of a method, see ``photostyle methods``.
        strength: How much of the look is taken, 0 (the content) to 1.
        keep_luminance: Keep the content's own luminance and take only the colour.
        finish: ``auto`` (what suits the method), ``grid`` (local affine colour transforms fitted on a proxy
            and applied at full size, one for each cell of place and luma), ``guided`` (the same, one for each small
            window: more of the method's own detail) or ``none`` (the method's raw output at full size).
        options: The method's own options by name.
        regions: ``given`` (those of the request) or ``auto`` (similar areas of content and style are found and
            matched; for a request with one region and no content mask).
    """

    method: str = "rest"
    strength: float = 1.0
    keep_luminance: bool = False
    finish: str = "auto"
    options: Mapping[str, Scalar] = field(default_factory=dict)
    regions: str = "given"


@dataclass(frozen=True)
class RegionRef:
    """One region, its pictures named by digest.

    Attributes:
        style: The style photograph, or the look.
        content_mask: Where in the content the style goes; ``None`` is everywhere.
        style_mask: Which part of the style photograph counts; ``None`` is all of it.
        strength: Strength of this region, multiplied with `Settings.strength`.
        space: What the numbers of the style mean; ``None`` is sRGB.
        style_is_look: `style` is no photograph: its one row of ``uint8`` holds the bytes of a look, see `look_file`.
    """

    style: str
    content_mask: Optional[str] = None
    style_mask: Optional[str] = None
    strength: float = 1.0
    space: Optional[ColorSpace] = None
    style_is_look: bool = False


@dataclass(frozen=True)
class StylizeRequest:
    """A job: which pictures, which regions, how.

    Attributes:
        content: Digest of the content photograph.
        regions: At least one region; a plain transfer is one region without masks.
        mask: Digest of the person's selection; the statistics are those of what it selects.
        limit_to_mask: Outside the mask the content is kept to the bit. ``False`` is for a client that limits the
            result itself, by a layer mask: then the look goes on everything.
        space: What the numbers of the content mean, and so the result's; ``None`` is sRGB.
        settings: How to stylize.
        preview: A preview runs before finals and replaces an older preview of the same client.
        watch: Small pictures of what a method has so far are wanted, where it works in steps.
    """

    content: str
    regions: Tuple[RegionRef, ...]
    mask: Optional[str] = None
    settings: Settings = field(default_factory=Settings)
    preview: bool = False
    limit_to_mask: bool = True
    space: Optional[ColorSpace] = None
    watch: bool = False
