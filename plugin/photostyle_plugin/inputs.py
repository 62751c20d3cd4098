"""What one job is made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from photostyle_plugin.choices import Choices
from photostyle_plugin.picture import Source
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import BadMaskError, PhotostyleError
from photostyle_protocol.request import RegionRef, StylizeRequest


@dataclass(frozen=True)
class Inputs:
    """The pictures and the choices of one job.

    Attributes:
        content: The layer.
        style: The style picture.
        selection: The image's selection where the content lies, one channel of the content's size; ``None`` is all.
        style_mask: The style's selection, one channel of the style's size; ``None`` is all.
        choices: How. ``area`` and ``style_area`` say whether the selections count.
        linear_light: The colours of content and style are linear light; see `StylizeRequest`.
    """

    content: Source
    style: Source
    selection: Source | None = None
    style_mask: Source | None = None
    choices: Choices = field(default_factory=Choices)
    linear_light: bool = False

    def pictures(self) -> list[Picture]:
        """What the daemon must have for this job; masks first, so that an empty one is noticed at once.

        Raises:
            BadMaskError: A mask does not fit its picture.
        """
        masks = []
        if self.selection is not None and self.choices.area == "selection":
            masks.append(_mask("mask", self.selection, self.content, _nothing_selected()))
        if self.style_mask is not None and self.choices.style_area == "selection":
            masks.append(_mask("style_mask", self.style_mask, self.style, _no_style_selected()))
        return [*masks, Picture("content", self.content), Picture("style", self.style)]

    def request(self, names: dict[str, str], preview: bool = False) -> StylizeRequest:
        """The job, with the digests of its `pictures` by role; a preview is watched while it forms."""
        return StylizeRequest(
            content=names["content"],
            regions=(RegionRef(names["style"], style_mask=names.get("style_mask")),),
            mask=names.get("mask"),
            settings=self.choices.settings(),
            preview=preview,
            limit_to_mask=self.choices.limit == "pixels",
            linear_light=self.linear_light,
            watch=preview,
        )


@dataclass(frozen=True)
class Picture:
    """One of the pictures of a job.

    Attributes:
        role: ``content``, ``style``, ``mask`` or ``style_mask``.
        source: Its pixels.
        if_empty: What to raise where all its pixels are 0; ``None`` if that is all right.
    """

    role: str
    source: Source
    if_empty: PhotostyleError | None = None


def _mask(role: str, source: Source, of: Source, if_empty: PhotostyleError) -> Picture:
    mask, picture = source.spec, of.spec
    if (mask.height, mask.width, mask.channels) != (picture.height, picture.width, 1):
        raise BadMaskError(Words.mask_size, Words.unexpected_hint)
    return Picture(role, source, if_empty)


def _nothing_selected() -> BadMaskError:
    return BadMaskError(Words.selects_nothing, Words.selects_nothing_hint)


def _no_style_selected() -> BadMaskError:
    return BadMaskError(Words.style_selects_nothing, Words.style_selects_nothing_hint)
