"""What one job is made of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from photostyle_plugin.choices import Choices
from photostyle_plugin.picture import Source
from photostyle_plugin.texts import Words
from photostyle_protocol.color_space import LINEAR_LIGHT
from photostyle_protocol.errors import BadInputError, BadMaskError, PhotostyleError
from photostyle_protocol.request import RegionRef, StylizeRequest


@dataclass(frozen=True)
class Inputs:
    """The pictures and the choices of one job.

    Attributes:
        content: The layer.
        style: The style picture; ``None`` where a file takes its place.
        selection: The image's selection where the content lies, one channel of the content's size; ``None`` is all.
        style_mask: The style's selection, one channel of the style's size; ``None`` is all.
        choices: How. ``area`` and ``style_area`` say whether the selections count.
        linear_light: The colours of content and style are linear light; otherwise they have a curve like sRGB's.
        style_is_look: The style is a `LookSource`.
    """

    content: Source
    style: Source | None = None
    selection: Source | None = None
    style_mask: Source | None = None
    choices: Choices = field(default_factory=Choices)
    linear_light: bool = False
    style_is_look: bool = False

    def pictures(self) -> list[Picture]:
        """What the daemon must have for this job; masks first, so that an empty one is noticed at once.

        Raises:
            BadInputError: There is no style.
            BadMaskError: A mask does not fit its picture.
        """
        missing = missing_style(self.choices, self.style is not None)
        if missing is not None:
            raise missing
        masks = []
        if self.selection is not None and self.choices.area == "selection":
            masks.append(_mask("mask", self.selection, self.content, _nothing_selected()))
        content = Picture("content", self.content)
        if self.style is None or not self.choices.needs_picture:
            return [*masks, content]
        if self.style_mask is not None and self.choices.style_area == "selection":
            masks.append(_mask("style_mask", self.style_mask, self.style, _no_style_selected()))
        return [*masks, content, Picture("style", self.style)]

    def request(self, names: dict[str, str], preview: bool = False) -> StylizeRequest:
        """The job, with the digests of its `pictures` by role; a preview is watched while it forms."""
        # A style file looks at no picture, and a region has to name one.
        style = names.get("style", names["content"])
        space = LINEAR_LIGHT if self.linear_light else None
        region = RegionRef(style, style_mask=names.get("style_mask"), space=space)
        choices = self.choices
        if self.style_is_look and "style" in names:
            region = RegionRef(style, style_is_look=True)
            choices = replace(choices, match_areas=False)  # there are no areas in a look
        return StylizeRequest(
            content=names["content"],
            regions=(region,),
            mask=names.get("mask"),
            settings=choices.settings(),
            preview=preview,
            limit_to_mask=choices.limit == "pixels",
            space=space,
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


def missing_style(choices: Choices, has_picture: bool) -> BadInputError | None:
    """What the person has to choose before there can be a look; ``None`` where nothing is missing."""
    if choices.style_file is None:
        return None if has_picture else BadInputError(Words.no_style, Words.no_style_hint)
    return None if choices.style_file else BadInputError(Words.no_style_file, Words.no_style_file_hint)


def _mask(role: str, source: Source, of: Source, if_empty: PhotostyleError) -> Picture:
    mask, picture = source.spec, of.spec
    if (mask.height, mask.width, mask.channels) != (picture.height, picture.width, 1):
        raise BadMaskError(Words.mask_size, Words.unexpected_hint)
    return Picture(role, source, if_empty)


def _nothing_selected() -> BadMaskError:
    return BadMaskError(Words.selects_nothing, Words.selects_nothing_hint)


def _no_style_selected() -> BadMaskError:
    return BadMaskError(Words.style_selects_nothing, Words.style_selects_nothing_hint)
