"""Small copies of what is sent, for the preview."""

from __future__ import annotations

from typing import Any

from formats import carrying_mask, showing, showing_style
from snapshot import Snapshot
from sources import Proxy, reduced
from styles import Style


def content_proxy(layer: Any) -> Proxy:
    """The layer."""
    return reduced(layer, showing(layer))


def selection_proxy(layer: Any) -> Proxy | None:
    """The image's selection where the layer is, of the size of `content_proxy`; ``None`` where nothing is selected.

    Raises:
        BadMaskError: The selection does not touch the layer.
    """
    with Snapshot(layer, with_selection=True) as snapshot:
        return _mask_proxy(snapshot.selection)


def style_proxy(style: Style, layer: Any) -> Proxy:
    """The style in the colour space of the layer."""
    return reduced(style.drawable, showing_style(style.drawable, layer))


def style_mask_proxy(style: Style) -> Proxy | None:
    """The selection on the style, of the size of `style_proxy`; ``None`` where nothing is selected."""
    return _mask_proxy(style.selection)


def _mask_proxy(mask: Any | None) -> Proxy | None:
    return None if mask is None else reduced(mask, carrying_mask(mask))
