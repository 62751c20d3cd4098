"""What Krita calls a colour space, and what the engine needs to know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from krita import ManagedColor
from photostyle_protocol.errors import BadImageError

from .sentences import Sentences

_CHANNELS = {"RGBA": 4, "GRAYA": 2}
_DTYPES = {"U8": "uint8", "U16": "uint16", "F16": "float16", "F32": "float32"}
_BLUE_FIRST = ("U8", "U16")
_LINEAR_RGB = "sRGB-elle-V2-g10.icc"
_SRGB = "sRGB-elle-V2-srgbtrc.icc"

_PROBE = (0.2, 0.5, 0.8)
"""A colour whose three parts differ, so that other primaries and other curves move it."""
_CLOSE = 0.005


@dataclass(frozen=True)
class ColorSpace:
    """Model, depth and profile of a layer or a document, by Krita's names.

    Attributes:
        model: ``RGBA``, ``GRAYA``, ``CMYKA``…
        depth: ``U8``, ``U16``, ``F16`` or ``F32``.
        profile: Name of the ICC profile.
    """

    model: str
    depth: str
    profile: str

    @classmethod
    def of(cls, owner: Any) -> ColorSpace:
        """The colour space of a node or a document."""
        return cls(owner.colorModel(), owner.colorDepth(), owner.colorProfile())

    def check(self) -> None:
        """Refuse what is neither RGB nor grey.

        Raises:
            BadImageError: With what to do about it.
        """
        if self.model not in _CHANNELS or self.depth not in _DTYPES:
            raise BadImageError(Sentences.color_model.format(model=self.model), Sentences.color_model_hint)

    @property
    def channels(self) -> int:
        """4 for RGBA, 2 for grey with alpha."""
        return _CHANNELS[self.model]

    @property
    def dtype(self) -> str:
        """The pixel type in the words of the protocol."""
        return _DTYPES[self.depth]

    @property
    def blue_first(self) -> bool:
        """Whether Krita's order is blue, green, red, alpha."""
        return self.model == "RGBA" and self.depth in _BLUE_FIRST

    @property
    def is_linear(self) -> bool:
        """Whether the values are proportional to light. Measured: a profile's name proves nothing."""
        return _near(self._in_linear_srgb((0.5, 0.5, 0.5)), (0.5, 0.5, 0.5))

    @property
    def is_srgb(self) -> bool:
        """Whether the colours are those of sRGB, whatever the profile is called."""
        return self.model == "RGBA" and _near(self._in_linear_srgb(_PROBE), SRGB._in_linear_srgb(_PROBE))

    def shows_like(self, other: ColorSpace) -> bool:
        """Whether the same values are the same colours in both; the depth does not matter."""
        if (self.model, self.profile) == (other.model, other.profile):
            return True
        return self.is_srgb and other.is_srgb

    @property
    def for_style(self) -> ColorSpace:
        """In which space a style has to be for content in this one; a grey content takes a coloured style."""
        depth = "F32" if self.is_linear or self.depth in ("F16", "F32") else "U16"
        if self.model == "RGBA":
            return ColorSpace("RGBA", depth, self.profile)
        return ColorSpace("RGBA", depth, _LINEAR_RGB if self.is_linear else _SRGB)

    def _in_linear_srgb(self, color: Sequence[float]) -> list[float]:
        values = color if self.model == "RGBA" else color[:1]
        managed = ManagedColor(self.model, "F32", self.profile)
        managed.setComponents([*values, 1.0])
        managed.setColorSpace("RGBA", "F32", _LINEAR_RGB)
        return list(managed.components()[:3])


SRGB = ColorSpace("RGBA", "U8", _SRGB)


def _near(some: Sequence[float], others: Sequence[float]) -> bool:
    return all(abs(a - b) < _CLOSE for a, b in zip(some, others, strict=True))
