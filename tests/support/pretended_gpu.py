"""A GPU that is not there: tensors that say they lie on it, and are computed on the CPU.

What a real one refuses is refused here too: tensors of both sides together, and arrays of what lies there. What makes
the program wait for a real one is counted. Values are the CPU's, so that results can be compared.
"""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

GPU = torch.device("cuda:0")
MEMORY = 1 << 34
"""Bytes that it has."""
_CPU = torch.device("cpu")
_ATEN = torch.ops.aten
_WHOLE = torch._C.DispatchKey.CompositeImplicitAutograd

_WITH_INDICES = (_ATEN.index.Tensor, _ATEN.index_put_.default, _ATEN._index_put_impl_.default)
"""Their indices may lie on either side."""
_ASKING = {
    _ATEN._local_scalar_dense.default: "number",
    _ATEN.equal.default: "number",
    _ATEN.nonzero.default: "nonzero",
    _ATEN.masked_select.default: "nonzero",
    _ATEN._unique2.default: "unique",
    # Their drivers tell how it went, and torch asks.
    _ATEN._linalg_eigh.default: "eigh",
    _ATEN._linalg_svd.default: "svd",
    _ATEN._linalg_check_errors.default: "solve",
}
"""What ends in the memory of the host: all that was ordered before has to be done."""


_GO_BETWEENS = ("small_algebra", "transfer")
"""Parts of the program that wait for others."""


class DeviceMismatchError(Exception):
    """Tensors of both sides together, which no GPU computes with."""


class OnGpu(Tensor):
    """A tensor that says it lies on the GPU; ``hidden`` has its numbers, in one memory with its views.

    To torch's own C++ it is one of the CPU, so that neither its guards nor its autograd look for a driver.
    """

    hidden: Tensor

    @staticmethod
    def __new__(cls, values: Tensor) -> OnGpu:
        """Put values there."""
        make: Callable[..., OnGpu] = Tensor._make_wrapper_subclass  # type: ignore[attr-defined]
        made = make(cls, values.shape, values.stride(), values.storage_offset(), None, values.dtype)
        made.hidden = values
        return made

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        with torch._C.DisableTorchFunctionSubclass():
            return _INSTEAD.get(func, func)(*args, **(kwargs or {}))

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]
        cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        raise AssertionError(f"{func} outside of the pretence")


def _device(x: Tensor) -> torch.device:
    return GPU if isinstance(x, OnGpu) else x.device


def _to(x: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """`Tensor.to`."""
    if args and isinstance(args[0], Tensor):
        args = (_device(args[0]), args[0].dtype, *args[1:])
    device = kwargs.pop("device", None)
    if args and isinstance(args[0], (str, torch.device)):
        device, *args = args  # type: ignore[assignment]
    device = torch.device(device or _device(x))
    if not isinstance(x, OnGpu):
        return x.to(device, *args, **kwargs)
    if device == _CPU:
        return _cpu(x, *args, **kwargs)
    return x.to(*args, **kwargs) if args or kwargs else x


def _cpu(x: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """`Tensor.cpu`, and the way there of `Tensor.to`."""
    if not kwargs.pop("non_blocking", False):
        _active().note("download")
    found: Tensor = _Download.apply(x)  # type: ignore[no-untyped-call]
    return found.to(*args, **kwargs) if args or kwargs else found


class _Download(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: OnGpu) -> Tensor:
        return x.hidden.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        return gradients[0].to(GPU)


def _listed(x: OnGpu) -> Any:
    _active().note("download")
    return x.hidden.tolist()


def _no_array(x: Tensor, *_: Any, **__: Any) -> Any:
    raise TypeError("can't convert cuda:0 device type tensor to numpy")


def _new_tensor(x: Tensor, data: Any) -> Tensor:
    return torch.tensor(data, dtype=x.dtype, device=_device(x))


class _Event:
    """`torch.cuda.Event`; the copies that it waits for are there already."""

    def record(self, stream: object) -> None:
        """See there."""

    def synchronize(self) -> None:
        """See there."""
        _active().note("event")


_DRIVER: dict[str, Any] = {
    "Event": _Event,
    "current_stream": lambda device: None,
    "synchronize": lambda device: _active().note("synchronize"),
    "get_device_name": lambda device: "Pretended GPU",
    "mem_get_info": lambda device: (MEMORY, MEMORY),
    "memory_allocated": lambda device: 1 << 20,
    "max_memory_allocated": lambda device: 4 << 20,
    "reset_peak_memory_stats": lambda device: None,
    "empty_cache": lambda: None,
}
"""What torch asks the driver for."""

_INSTEAD: Mapping[Any, Callable[..., Any]] = {
    Tensor.device.__get__: _device,  # type: ignore[attr-defined]
    Tensor.is_cuda.__get__: lambda x: isinstance(x, OnGpu),  # type: ignore[attr-defined]
    Tensor.is_cpu.__get__: lambda x: not isinstance(x, OnGpu),  # type: ignore[attr-defined]
    Tensor.to: _to,
    Tensor.cpu: _cpu,
    Tensor.tolist: _listed,
    Tensor.numpy: _no_array,
    Tensor.__array__: _no_array,
    Tensor.new_tensor: _new_tensor,
    torch._has_compatible_shallow_copy_type: lambda a, b: isinstance(a, OnGpu) == isinstance(b, OnGpu),
}
"""What C++ would answer of the CPU."""


class _Pretence(TorchDispatchMode):
    # While a mode of this kind is there torch looks for no driver.
    _mode_key = torch._C._TorchDispatchModeKey.FAKE

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.waits: Counter[str] = Counter()

    def note(self, why: str) -> None:
        """The program waits."""
        self.waits[f"{why} {_asker()}"] += 1

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        kwargs.pop("pin_memory", None)
        if torch.device(kwargs.get("device") or _CPU).type == GPU.type:
            kwargs["device"] = GPU
        if _is_made_of_others(func):
            with self:  # made of others: only an inference shows it whole
                return func._op_dk(_WHOLE, *args, **kwargs)
        leaves = list(_leaves((args, kwargs)))
        there = [x for x in leaves if isinstance(x, OnGpu)]
        if not there and torch.device(kwargs.get("device") or _CPU) == _CPU:
            return func(*args, **kwargs)
        _check(func, leaves, bool(there))
        if why := _reason(func, args, kwargs):
            self.note(why)
        args, kwargs = _mapped(lambda x: x.hidden if isinstance(x, OnGpu) else x, (args, kwargs))
        out = func(*args, **kwargs | ({"device": _CPU} if "device" in kwargs else {}))
        is_download = func is _ATEN.copy_.default and out is leaves[0]
        return out if is_download else _wrapped(out, there)


@cache
def _is_made_of_others(func: Any) -> bool:
    return torch._C._dispatch_has_kernel_for_dispatch_key(func.name(), _WHOLE.name)


def _leaves(tree: Any) -> Iterator[Any]:
    if isinstance(tree, (tuple, list, dict)):
        for part in tree.values() if isinstance(tree, dict) else tree:
            yield from _leaves(part)
    else:
        yield tree


def _mapped(change: Callable[[Any], Any], tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _mapped(change, part) for key, part in tree.items()}
    if isinstance(tree, (tuple, list)) and not isinstance(tree, torch.Size):
        return type(tree)([_mapped(change, part) for part in tree])
    return change(tree)


def _check(func: Any, leaves: Sequence[Any], any_there: bool) -> None:
    here = [x for x in leaves if isinstance(x, Tensor) and not isinstance(x, OnGpu) and x.dim()]
    if any_there and here and func not in (_ATEN.copy_.default, *_WITH_INDICES):
        raise DeviceMismatchError(f"{func}: tensors of shapes {[tuple(x.shape) for x in here]} lie on the CPU")


def _reason(func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str | None:
    """Why the program waits, if it does."""
    if func in _WITH_INDICES and any(i is not None and i.dtype == torch.bool for i in args[1]):
        return "nonzero"
    if func is _ATEN._to_copy.default and not isinstance(args[0], OnGpu):
        return None if kwargs.get("non_blocking") else "upload"
    if func is _ATEN.copy_.default and args[1].dim() and args[2:] != (True,):
        target, source = (isinstance(x, OnGpu) for x in args[:2])
        return None if target == source else "upload" if target else "download"
    return _ASKING.get(func)


def _wrapped(out: Any, there: Sequence[OnGpu]) -> Any:
    """Results as tensors of the GPU; what was changed in place is itself."""
    same = {id(x.hidden): x for x in there}

    def wrap(x: Any) -> Any:
        if not isinstance(x, Tensor):
            return x
        return same[id(x)] if id(x) in same else OnGpu(x)

    # A view of what may have a gradient may have one too.
    with torch.inference_mode(torch.is_inference_mode_enabled() and all(x.is_inference() for x in there)):
        return _mapped(wrap, out)


_pretences: list[_Pretence] = []


def _active() -> _Pretence:
    return _pretences[-1]


def _asker() -> str:
    """What part of the program asked: module and function."""
    frame = sys._getframe(1)
    while frame.f_back and not _is_asking(Path(frame.f_code.co_filename)):
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_qualname.split('.<')[0]}"


def _is_asking(file: Path) -> bool:
    return "photostyle" in file.parts and file.stem not in _GO_BETWEENS


@contextlib.contextmanager
def pretended_gpu() -> Iterator[Counter[str]]:
    """Pretend that there is a GPU; gives how often the program waited for it, by why and where."""
    lifted = torch._C._only_lift_cpu_tensors()
    torch._C._set_only_lift_cpu_tensors(True)
    _pretences.append(_Pretence())
    try:
        with mock.patch.multiple(torch.cuda, **_DRIVER), _pretences[-1]:
            yield _pretences[-1].waits
    finally:
        _pretences.pop()
        torch._C._set_only_lift_cpu_tensors(lifted)
