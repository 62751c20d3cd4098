"""Resumable training state as safetensors: weights, Adam's moments, random generators; nothing is pickled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from photostyle_protocol.errors import BadOptionError


def save(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, Any]) -> None:
    """Write tensors and metadata in one go: an interrupted save leaves the last checkpoint whole."""
    temporary = path.with_suffix(".part")
    contiguous = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    save_file(contiguous, temporary, {key: json.dumps(value) for key, value in metadata.items()})
    temporary.replace(path)


def load(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Read what `save` wrote.

    Raises:
        BadOptionError: The file is no checkpoint.
    """
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
            metadata = {key: json.loads(value) for key, value in (file.metadata() or {}).items()}
    except (OSError, SafetensorError, ValueError) as error:
        raise BadOptionError(f"{path} is no checkpoint: {error}.", "Start anew in another folder.") from error
    return tensors, metadata


def prefixed(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Put every name under a prefix."""
    return {f"{prefix}.{name}": tensor for name, tensor in tensors.items()}


def below(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors under a prefix, without it."""
    return {n[len(prefix) + 1 :]: t for n, t in tensors.items() if n.startswith(f"{prefix}.")}


def adam_state(optimizer: torch.optim.Adam) -> dict[str, Tensor]:
    """Adam's moments and step counts by position of the parameter."""
    state = optimizer.state_dict()["state"]
    return {f"{index}.{key}": value for index, entry in state.items() for key, value in entry.items()}


def restore_adam(optimizer: torch.optim.Adam, tensors: Mapping[str, Tensor]) -> None:
    """Undo `adam_state`."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        index, key = name.split(".", 1)
        state.setdefault(int(index), {})[key] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})


def restore(module: nn.Module, prefix: str, tensors: Mapping[str, Tensor]) -> None:
    """Load the tensors under a prefix into a module."""
    module.load_state_dict(below(prefix, tensors))
