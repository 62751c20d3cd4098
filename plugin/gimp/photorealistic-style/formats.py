"""How pixels leave GIMP and come back: which of babl's formats carries a layer without loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gi.repository import Babl, Gegl
from photostyle_protocol.images import DTYPE_BYTES, ImageSpec

Gegl.init(None)

_DTYPES = {"u8": "uint8", "u16": "uint16", "half": "float16", "float": "float32"}
_CURVES = ("'", "~")
"""babl writes the space's own curve as an apostrophe, sRGB's as a tilde, and linear light as nothing."""

_PERCEPTUAL = {1: "Y~ float", 2: "Y~A float", 3: "R~G~B~ float", 4: "R~G~B~A float"}


@dataclass(frozen=True)
class Format:
    """A kind of pixels, in GIMP's words and in the protocol's.

    Attributes:
        babl: Name of the babl format, colour space included, as every call of GEGL takes it.
        dtype: Type of one value on the wire; see `ImageSpec`.
        channels: 1 grey, 2 grey + alpha, 3 RGB, 4 RGBA.
    """

    babl: str
    dtype: str
    channels: int

    @property
    def pixel_bytes(self) -> int:
        """Bytes of one pixel."""
        return self.channels * DTYPE_BYTES[self.dtype]

    @property
    def has_alpha(self) -> bool:
        """Whether the last channel is transparency."""
        return self.channels % 2 == 0

    def spec(self, width: int, height: int) -> ImageSpec:
        """A picture of this size and these pixels."""
        return ImageSpec(height, width, self.channels, self.dtype)


def carrying(drawable: Any) -> Format:
    """The format in which a grey or colour layer's pixels are sent.

    Where the layer's own pixels are display-referred and of a type that the protocol knows, they travel as they are,
    to the bit. Everything else (linear light, 32-bit integers, doubles) becomes float with sRGB's curve, in the
    layer's own colour space, unclipped.
    """
    native = drawable.get_format()
    encoding = Babl.format_get_encoding(native)
    components, _, kind = encoding.rpartition(" ")
    channels = Babl.format_get_n_components(native)
    if kind in _DTYPES and any(curve in components for curve in _CURVES):
        return Format(Babl.get_name(native), _DTYPES[kind], channels)
    return Format(_in_space(_PERCEPTUAL[channels], native), "float32", channels)


def carries_bits(drawable: Any) -> bool:
    """Whether `carrying` is the drawable's own format, so that nothing is converted on either way."""
    return carrying(drawable).babl == Babl.get_name(drawable.get_format())


def carrying_style(drawable: Any, content: Any) -> Format:
    """The format in which a style's pixels are sent: the content's colour space and curve, always RGB.

    The type is the style's own where the protocol knows it, so that equal numbers stay equal. Beside a grey content,
    whose space has no colours, the style is sent as sRGB.
    """
    kind = _style_kind(drawable)
    curve = "'" if "'" in carrying(content).babl else "~"
    alpha = "A" if drawable.has_alpha() else ""
    encoding = f"R{curve}G{curve}B{curve}{alpha} {kind}"
    name = encoding if content.is_gray() else _in_space(encoding, content.get_format())
    return Format(name, _DTYPES[kind], 4 if alpha else 3)


def carrying_mask(mask: Any) -> Format:
    """The format in which a selection is sent: one linear channel, never rounded to nothing."""
    native = mask.get_format()
    kind = Babl.format_get_encoding(native).rpartition(" ")[2]
    if kind in _DTYPES:
        return Format(Babl.get_name(native), _DTYPES[kind], 1)
    return Format(_in_space("Y float", native), "float32", 1)


def _style_kind(drawable: Any) -> str:
    if drawable.is_indexed():
        return "u8"
    components, _, kind = Babl.format_get_encoding(drawable.get_format()).rpartition(" ")
    return kind if kind in _DTYPES and any(curve in components for curve in _CURVES) else "float"


def _in_space(encoding: str, native: Any) -> str:
    return str(Babl.get_name(Babl.format_with_space(encoding, native)))
