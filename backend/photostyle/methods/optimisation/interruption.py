"""A way out of a network's pass, which can take many seconds."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence

from torch import Tensor, nn


@contextlib.contextmanager
def interruptible(network: nn.Module, check: Callable[[], None]) -> Iterator[None]:
    """Within this, every layer of a network asks before it goes on, forward and backward.

    Args:
        network: The layers are those of its modules that hold no others.
        check: Raises to stop.
    """

    def ask(_module: nn.Module, _inputs: Sequence[Tensor], output: Tensor) -> None:
        check()
        if output.requires_grad:
            output.register_hook(lambda _gradient: check())  # type: ignore[no-untyped-call]

    handles = [layer.register_forward_hook(ask) for layer in network.modules() if not any(layer.children())]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
