"""The methods by name. Adding one takes one file and one line here. Imports no torch until a method is loaded."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from photostyle_protocol.errors import UnknownMethodError

if TYPE_CHECKING:
    from photostyle.methods.base import Method

_METHODS = {
    "rest": "photostyle.methods.rest:Rest",
    "multistage": "photostyle.methods.multistage:Multistage",
    "gatys": "photostyle.methods.gatys:Gatys",
    "restyle": "photostyle.methods.restyle:Restyle",
    "monge-kantorovich": "photostyle.methods.classical:MongeKantorovich",
    "reinhard": "photostyle.methods.classical:Reinhard",
    "pitie": "photostyle.methods.classical:Pitie",
    "hires": "photostyle.methods.hires:Hires",
    "johnson": "photostyle.methods.johnson:Johnson",
}


def names() -> tuple[str, ...]:
    """The known methods, the default first."""
    return tuple(_METHODS)


def check_name(name: str) -> None:
    """Refuse a name that no method has.

    Raises:
        UnknownMethodError: With the known names.
    """
    if name not in _METHODS:
        raise UnknownMethodError(f"No method is called {name!r}.", f"Choose from: {', '.join(_METHODS)}.")


def load(name: str) -> type[Method]:
    """The class of a method.

    Raises:
        UnknownMethodError: No method has this name.
    """
    check_name(name)
    module, _, attribute = _METHODS[name].partition(":")
    method: type[Method] = getattr(importlib.import_module(module), attribute)
    return method
