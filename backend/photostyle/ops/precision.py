"""Where half precision is fast, and that float32 is float32."""

from __future__ import annotations

import torch


def half_where_fast(device: torch.device) -> torch.dtype:
    """The half precision that a device multiplies faster than float32, or float32."""
    if device.type == "cuda":
        return torch.float16
    # Torch tells it nowhere else; without these instructions it emulates bfloat16, slowly.
    has_bfloat16 = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    return torch.bfloat16 if device.type == "cpu" and has_bfloat16() else torch.float32


def keep_all_digits(device: torch.device) -> None:
    """Let convolutions of float32 have all its digits.

    Left alone, torch multiplies with ten bits on CUDA (TF32): 16 bits would not stay 16 bits, and tiles would be seen.
    """
    if device.type == "cuda":
        torch.backends.cudnn.allow_tf32 = False
