"""Where half precision is fast."""

from __future__ import annotations

import torch


def half_where_fast(device: torch.device) -> torch.dtype:
    """The half precision that a device multiplies faster than float32, or float32."""
    if device.type == "cuda":
        return torch.float16
    # Torch tells it nowhere else; without these instructions it emulates bfloat16, slowly.
    has_bfloat16 = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    return torch.bfloat16 if device.type == "cpu" and has_bfloat16() else torch.float32
