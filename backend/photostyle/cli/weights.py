"""``photostyle weights``: what perceptual networks are made of, fetched only on the person's word."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photostyle.cli.display import display
from photostyle_protocol.errors import BadInputError

if TYPE_CHECKING:
    from photostyle.features.weights.published import Published

weights = typer.Typer(
    help="Weights of perceptual networks, which others publish: fetched only here, and only when you say so.",
    epilog="Every method works without them, through a small network that is in the package.",
)

_Name = Annotated[str, typer.Argument(metavar="NAME", help="vgg19 or vgg16.")]


@weights.command("list")
def list_() -> None:
    """Tell which weights there are, and how they are."""
    from photostyle.features.weights.published import PUBLISHED

    for published in PUBLISHED.values():
        print(f"{published.name:<6} {_told(published)}")


@weights.command()
def fetch(
    name: _Name,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Take the publisher's file, fetched elsewhere.")
    ] = None,
) -> None:
    """Fetch the weights of a network, check them and keep them in the cache; an interrupted download goes on."""
    from photostyle.features.weights import cache, fetching
    from photostyle.features.weights.published import published

    wanted = published(name)
    if cache.state(wanted) is cache.State.GOOD:
        print(f"{wanted.title} is here already: {cache.place(wanted)}")
        return
    source = source or fetching.fetched_by_torchvision(wanted)
    print("\n".join(_terms(wanted, source)))
    if not yes:
        _ask()
    with display(quiet=False, hours=True) as shown:
        path = fetching.fetch(wanted, shown.show, source)
    print(f"Wrote {path}, {path.stat().st_size / 1e6:.0f} MB.")


@weights.command()
def path(name: _Name) -> None:
    """Say which file the weights of a network are in."""
    from photostyle.features.weights import cache
    from photostyle.features.weights.published import published

    print(cache.verified(published(name)))


@weights.command()
def remove(name: _Name) -> None:
    """Delete the weights of a network from the cache, whole or in part."""
    from photostyle.features.weights import cache
    from photostyle.features.weights.published import published

    wanted = published(name)
    print(f"{wanted.title}: {cache.remove(wanted) / 1e6:.0f} MB are free again.")


def _told(published: Published) -> str:
    from photostyle.features.weights import cache

    found = cache.state(published)
    place, part = cache.place(published), cache.part(published)
    if found is cache.State.GOOD:
        return f"here, {place.stat().st_size / 1e6:.0f} MB: {place}"
    if found is cache.State.DAMAGED:
        return f"damaged: {place}"
    have = f", {part.stat().st_size / 1e6:.0f} of them here" if part.exists() else ""
    return f"not fetched ({published.size / 1e6:.0f} MB{have})"


def _terms(published: Published, source: Path | None) -> list[str]:
    """What the person should know before saying yes."""
    from photostyle.features.weights import cache

    return [
        f"{published.title}, {published.size / 1e6:.0f} MB, of which the convolutions are kept (80 MB or less)",
        f"  from     {source or published.address}",
        f"  to       {cache.place(published)}",
        f"  SHA-256  {published.digest}",
        f"  licence  {published.licence}",
    ]


def _ask() -> None:
    """Go on only where somebody says yes.

    Raises:
        BadInputError: Nobody is there to be asked.
    """
    if not sys.stdin.isatty():
        raise BadInputError("Nothing is fetched unasked.", "Say yes with --yes.")
    typer.confirm("Fetch it?", abort=True)
