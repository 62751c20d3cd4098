"""A page to look through the results, offline: pictures as files beside it, no script or style from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from urllib.parse import quote

from photostyle.evaluation.gallery import Gallery
from photostyle.evaluation.pictures import picture_path

PAGE = "index.html"


def write_page(gallery: Gallery, title: str, links: Mapping[str, str]) -> None:
    """Write ``index.html``: a row for each case, each picture with its figures.

    Args:
        gallery: What to show; the page goes into its folder.
        title: Of the page.
        links: Other files of the folder, by what to call them.
    """
    parts = files("photostyle.evaluation") / "page"
    style, script = ((parts / name).read_text(encoding="utf-8") for name in ("look.css", "look.js"))
    sections = "\n".join(_section(gallery, case) for case in gallery.cases)
    text = _PAGE.format(
        title=escape(title), style=style, script=script, links=" · ".join(_links(links)), sections=sections
    )
    (gallery.out / PAGE).write_text(text, encoding="utf-8")


_PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
<header><h1>{title}</h1><p>{links}</p>
<p>Click a picture to see it large. Then: ← → through the row, ↑ ↓ through the cases, hold <kbd>space</kbd> for the
content, <kbd>Esc</kbd> back.</p></header>
{sections}
<dialog><img alt=""><p></p></dialog>
<script>
{script}</script>
</html>
"""


def _links(links: Mapping[str, str]) -> Iterator[str]:
    for text, target in links.items():
        yield f'<a href="{quote(target)}">{escape(text)}</a>'


def _section(gallery: Gallery, case: str) -> str:
    figures = "\n".join(_figure(kind, case, gallery.caption(case, kind)) for kind in gallery.columns(case))
    return f"<section><h2>{escape(case)}</h2><div>\n{figures}\n</div></section>"


def _figure(kind: str, case: str, text: str) -> str:
    source = quote(picture_path(kind, case).as_posix())
    return (
        f'<figure><a href="{source}"><img loading="lazy" src="{source}" alt="{escape(f"{case}: {kind}")}"></a>'
        f"<figcaption><b>{escape(kind)}</b> {escape(text)}</figcaption></figure>"
    )
