"""How pixels leave GIMP and come back: which of babl's formats carries a layer without loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gi.repository import Babl, Gegl

from photostyle_protocol.images import DTYPE_BYTES, ImageSpec

TILE_CACHE_BYTES = 64 << 20
"""Pixels of layers that this process keeps. GIMP grants half of the computer's memory, but rows are read only once."""

Gegl.init(None)
Gegl.config().set_property("tile-cache-size", TILE_CACHE_BYTES)

_DTYPES = {"u8": "uint8", "u16": "uint16", "half": "float16", "float": "float32"}
_LINEAR, _OWN_CURVE, _SRGB_CURVE = "", "'", "~"
"""How babl writes the curve of colours, after the letter of each: R, R' or R~."""


@dataclass(frozen=True)
class Format:
    """A kind of pixels, in GIMP's words and in the protocol's.

    Attributes:
        babl: Name of the babl format, colour space included, as every call of GEGL takes it.
        dtype: Type of one value on the wire; see `ImageSpec`.
        channels: 1 grey, 2 grey + alpha, 3 RGB, 4 RGBA.
        is_linear: The colours are linear light.
    """

    babl: str
    dtype: str
    channels: int
    is_linear: bool = False

    @property
    def pixel_bytes(self) -> int:
        """Bytes of one pixel."""
        return self.channels * DTYPE_BYTES[self.dtype]

    @property
    def value_bytes(self) -> int:
        """Bytes of one value."""
        return DTYPE_BYTES[self.dtype]

    def spec(self, width: int, height: int) -> ImageSpec:
        """A picture of this size and these pixels."""
        return ImageSpec(height, width, self.channels, self.dtype)


def carrying(layer: Any) -> Format:
    """The format in which a grey or colour layer's pixels are sent: as they are, to the bit, where that can be.

    The protocol has no 32-bit integers and no doubles; those become float, with the same curve in the same space.
    """
    native = layer.get_format()
    curve, kind = _curve_and_kind(native)
    kind = kind if kind in _DTYPES else "float"
    return _format(layer, curve, kind, layer.has_alpha(), native)


def carries_bits(layer: Any) -> bool:
    """Whether `carrying` is the layer's own format, so that nothing is converted on either way."""
    return carrying(layer).babl == str(Babl.get_name(layer.get_format()))


def carrying_style(style: Any, content: Any) -> Format:
    """The format in which a style's pixels are sent: RGB in the content's colour space, with the content's curve.

    The type is the style's own where that loses nothing, so that equal numbers stay equal. Beside a grey content,
    whose space has no colours, the style is sent as sRGB.
    """
    return _style_format(style, content, _curve_and_kind(content.get_format())[0])


def showing(layer: Any) -> Format:
    """The format of a layer's preview: like `carrying`, but never linear light."""
    native = layer.get_format()
    curve, kind = _curve_and_kind(native)
    kind = kind if kind in _DTYPES and curve != _LINEAR else "float"
    return _format(layer, curve or _SRGB_CURVE, kind, layer.has_alpha(), native)


def showing_style(style: Any, content: Any) -> Format:
    """The format of a style's preview: like `carrying_style`, but never linear light."""
    return _style_format(style, content, _curve_and_kind(content.get_format())[0] or _SRGB_CURVE)


def forming(preview: Format, alpha: bool) -> str:
    """The babl format of what a preview shows before it is finished: 8 bits and colour, the same curve, the same space.

    That of a grey one is sRGB: its space has no colours.
    """
    native = Babl.format(preview.babl)
    curve, _ = _curve_and_kind(native)
    encoding = _encoding("RGB", curve or _SRGB_CURVE, alpha, "u8")
    return encoding if preview.channels < len("RGB") else _in_space(encoding, native)


def carrying_mask(mask: Any) -> Format:
    """The format in which a selection is sent: one linear channel, never rounded to nothing."""
    native = mask.get_format()
    _, kind = _curve_and_kind(native)
    kind = kind if kind in _DTYPES else "float"
    return Format(_in_space(f"Y {kind}", native), _DTYPES[kind], 1)


def _curve_and_kind(native: Any) -> tuple[str, str]:
    """The curve of a babl format and the type of its values, as babl writes them."""
    components, _, kind = str(Babl.format_get_encoding(native)).rpartition(" ")
    curve = next((sign for sign in (_OWN_CURVE, _SRGB_CURVE) if sign in components), _LINEAR)
    return curve, kind


def _format(layer: Any, curve: str, kind: str, alpha: bool, native: Any) -> Format:
    colours = "Y" if layer.is_gray() else "RGB"
    name = _in_space(_encoding(colours, curve, alpha, kind), native)
    return Format(name, _DTYPES[kind], len(colours) + alpha, curve == _LINEAR)


def _style_format(style: Any, content: Any, curve: str) -> Format:
    own_curve, kind = _curve_and_kind(style.get_format())
    if style.is_indexed():
        own_curve, kind = _OWN_CURVE, "u8"
    if kind not in _DTYPES or _LINEAR in {curve, own_curve}:
        kind = "float"
    encoding = _encoding("RGB", curve, style.has_alpha(), kind)
    name = encoding if content.is_gray() else _in_space(encoding, content.get_format())
    return Format(name, _DTYPES[kind], 3 + style.has_alpha(), curve == _LINEAR)


def _encoding(colours: str, curve: str, alpha: bool, kind: str) -> str:
    """Babl's name: ``R'G'B'A u8`` and the like."""
    return "".join(letter + curve for letter in colours) + ("A" if alpha else "") + f" {kind}"


def _in_space(encoding: str, native: Any) -> str:
    return str(Babl.get_name(Babl.format_with_space(encoding, native)))
