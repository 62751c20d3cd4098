"""What the person chose, in the words of both editors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from photostyle_plugin.methods import METHODS, method_named
from photostyle_protocol.request import Scalar, Settings

WORDS = {
    "detail": ("auto", "grid", "guided", "none"),
    "area": ("selection", "layer"),
    "limit": ("pixels", "mask"),
    "style_area": ("all", "selection"),
}
"""The words that a choice may be, the default first."""


@dataclass(frozen=True)
class Choices:
    """Everything that the dialog asks for but the pictures.

    Attributes:
        method: Name of one of `METHODS`.
        strength: 0 (the photograph) to 1 (the whole look).
        keep_luminance: Take the colour, keep the light.
        detail: ``auto``, ``grid`` (the photograph's own), ``guided`` (the same, closer to the method) or
            ``none`` (as the method makes it).
        area: ``selection`` (of the image, if there is one) or ``layer``.
        limit: How the result is limited to the selection: ``pixels`` or ``mask``, a layer mask of the editor's.
        style_area: ``all`` of the style picture or its ``selection``.
        match_areas: Sky takes its look from sky and ground from ground; else, and with a saved look, the whole from
            the whole.
        options: Options of methods by name; those of other methods are kept and not sent, and neither is a value
            that only another method's option of that name may have.
    """

    method: str = "rest"
    strength: float = 1.0
    keep_luminance: bool = False
    detail: str = "auto"
    area: str = "selection"
    limit: str = "pixels"
    style_area: str = "all"
    match_areas: bool = False
    options: Mapping[str, Scalar] = field(default_factory=dict)

    def settings(self) -> Settings:
        """The part that the engine needs."""
        known = {option.name: option for option in method_named(self.method).options}
        options = {name: v for name, v in self.options.items() if name in known and known[name].allows(v)}
        regions = "auto" if self.match_areas else "given"
        return Settings(self.method, self.strength, self.keep_luminance, self.detail, options, regions)

    @property
    def style_file(self) -> str | None:
        """Path of the file in the style picture's place, empty while none is chosen; ``None`` for a picture."""
        option = method_named(self.method).style_file
        return None if option is None else str(self.options.get(option.name, option.default))

    @property
    def needs_picture(self) -> bool:
        """Whether a style picture plays a part."""
        return self.style_file is None

    def look_name(self, picture: str) -> str:
        """What the look is called: by its file, or by the style picture of this name."""
        return Path(self.style_file).stem if self.style_file else picture

    def to_json(self) -> dict[str, Any]:
        """As a map that JSON can hold; `from_json` reads it."""
        return {**asdict(self), "options": dict(self.options)}

    @classmethod
    def from_json(cls, raw: object) -> Choices:
        """Choices from a map that may be of another version or damaged: what is not good gets its default."""
        if not isinstance(raw, dict):
            return cls()
        good = {f.name: raw[f.name] for f in fields(cls) if f.name in raw and _is_good(f.name, raw[f.name])}
        good["options"] = _good_options(raw.get("options"))
        if "strength" in good:
            good["strength"] = float(good["strength"])
        return cls(**good)


def _is_good(name: str, value: object) -> bool:
    if name == "method":
        return isinstance(value, str) and method_named(value).name == value
    if name == "strength":
        return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1
    if name in ("keep_luminance", "match_areas"):
        return isinstance(value, bool)
    return name in WORDS and isinstance(value, str) and value in WORDS[name]


def _good_options(raw: object) -> dict[str, Scalar]:
    if not isinstance(raw, dict):
        return {}
    known = [option for method in METHODS for option in method.options]
    return {name: value for name, value in raw.items() if any(o.name == name and o.allows(value) for o in known)}
