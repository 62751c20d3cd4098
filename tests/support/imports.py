"""Which module imports what, read from the source; imports inside functions count."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
SOURCES = {"photostyle": "backend", "photostyle_protocol": "shared", "photostyle_plugin": "plugin"}


@dataclass(frozen=True)
class Module:
    """One source file.

    Attributes:
        name: Dotted, ``photostyle.ops.adain``; a package has the name of its folder.
        path: The file.
        imports: Full names of everything it imports, ``torch.nn.functional`` or ``photostyle.ops.adain``.
    """

    name: str
    path: Path
    imports: frozenset[str]

    @property
    def room(self) -> str:
        """The room that it lies in: ``ops`` for ``photostyle.ops.adain``, else the package's own name."""
        package, _, rest = self.name.partition(".")
        return rest.partition(".")[0] if package == "photostyle" and rest else package


@functools.cache
def modules() -> tuple[Module, ...]:
    """Every module of the product."""
    found = []
    for package, folder in SOURCES.items():
        root = REPOSITORY / folder
        found += [_module(path, root) for path in sorted((root / package).rglob("*.py"))]
    return tuple(found)


def _module(path: Path, root: Path) -> Module:
    parts = path.relative_to(root).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if is_package else parts)
    package = name if is_package else name.rpartition(".")[0]
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return Module(name, path, frozenset(imported_names(tree, package)))


def imported_names(tree: ast.AST, package: str) -> Iterator[str]:
    """Full names of what a tree imports; `package` is what its relative imports start from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(node, package)
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def _origin(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    base = parts[: len(parts) - node.level + 1]
    return ".".join([*base, node.module] if node.module else base)


def inside(name: str, package: str) -> bool:
    """Whether a dotted name is `package` or lies in it."""
    return name == package or name.startswith(f"{package}.")
