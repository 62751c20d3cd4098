"""Whether an error says that memory ran out; imports no torch, so that it can be asked without."""

from __future__ import annotations

_WORDS = ("out of memory", "can't allocate memory")
"""Of CUDA and MPS; of torch on the CPU, which raises a plain RuntimeError."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the machine or the device had too little memory."""
    is_torch_s = any(kind.__name__ == "OutOfMemoryError" for kind in type(error).__mro__)
    return isinstance(error, MemoryError) or is_torch_s or any(word in str(error) for word in _WORDS)
