"""Work on layer masks, in GEGL."""

from __future__ import annotations

from typing import Any

from gi.repository import Gegl


def multiply(mask: Any, factor: Any) -> None:
    """Multiply a mask by another of its size."""
    graph, buffer = Gegl.Node(), mask.get_buffer()
    first, second = (_node(graph, "gegl:buffer-source", buffer=part.get_buffer()) for part in (mask, factor))
    product = _node(graph, "gegl:multiply")
    output = _node(graph, "gegl:write-buffer", buffer=buffer)
    first.link(product)
    second.connect_to("output", product, "aux")
    product.link(output)
    output.process()
    buffer.flush()


def _node(graph: Any, operation: str, **properties: Any) -> Any:
    node = graph.create_child(operation)
    for name, value in properties.items():
        node.set_property(name, value)
    return node
