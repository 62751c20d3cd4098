"""``photostyle methods``: what there is to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from photostyle.methods.base import Method, Option


def methods() -> None:
    """List the methods with their papers and options."""
    from photostyle.methods import registry

    for name in registry.names():
        print("\n".join(_lines(name, registry.load(name))), end="\n\n")


def _lines(name: str, method: type[Method]) -> list[str]:
    lines = [f"{name}: {method.title}", f"  {method.paper}"]
    for option in method.options:
        lines += [f"  --option {option.name}={option.default}   ({_range(option)})", f"      {option.help}"]
    return lines


def _range(option: Option) -> str:
    if option.choices:
        return ", ".join(option.choices)
    if isinstance(option.default, str):
        return "a file" if option.is_file else "a text"
    low = "any" if option.minimum is None else f"{option.minimum:g}"
    return low if option.maximum is None else f"{low} to {option.maximum:g}"
