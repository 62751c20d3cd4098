"""A trained style in a file: the transform network's tensors, and metadata that tell what they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError, safe_open
from torch import Tensor

from photostyle.methods.networks.transform_net import TransformNet
from photostyle_protocol.errors import BadOptionError

METHOD, VERSION = "johnson", 1
_HOW = "Make one with: photostyle train johnson."


def style_metadata(tensors: Mapping[str, Tensor]) -> dict[str, str | int]:
    """What a file with these tensors says of itself: the method, the version, and a digest of the tensors."""
    return {"method": METHOD, "version": VERSION, "digest": _digest(tensors)}


def read_style(path: Path) -> TransformNet:
    """The network of a trained style, in evaluation mode on the CPU.

    Raises:
        BadOptionError: There is no such file, it is damaged, or it is of another method or version.
    """
    if not path.is_file():
        raise BadOptionError(f"There is no trained style at {path}.", _HOW)
    try:
        return _network(_checked(path)).eval().requires_grad_(False)
    except (OSError, SafetensorError, ValueError, RecursionError) as error:
        raise BadOptionError(f"{path} is no trained style, or it is damaged: {error}.", _HOW) from error


def _checked(path: Path) -> dict[str, Tensor]:
    with safe_open(path, framework="pt") as file:
        metadata = {key: json.loads(value) for key, value in (file.metadata() or {}).items()}
        _check_kind(path, metadata)
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
    if metadata.get("digest") != _digest(tensors):
        raise ValueError("its digest is another")
    return tensors


def _network(tensors: Mapping[str, Tensor]) -> TransformNet:
    net = TransformNet()
    shapes = {name: tensor.shape for name, tensor in net.state_dict().items()}
    if shapes != {name: tensor.shape for name, tensor in tensors.items()}:
        raise ValueError("it holds another network")
    if not all(bool(tensor.isfinite().all()) for tensor in tensors.values()):
        raise ValueError("it holds values that are no numbers")
    net.load_state_dict(tensors)
    return net


def _check_kind(path: Path, metadata: Mapping[str, object]) -> None:
    method, version = metadata.get("method"), metadata.get("version")
    if method != METHOD:
        what = f"of the method {method}" if method else "of another kind"
        raise BadOptionError(f"The model {path} is {what}, not a trained style of {METHOD}.", _HOW)
    if version != VERSION:
        raise BadOptionError(
            f"The trained style {path} is of version {version}, and this program reads version {VERSION}.",
            "Train it again with this program, or use the program that made it.",
        )


def _digest(tensors: Mapping[str, Tensor]) -> str:
    found = hashlib.sha256()
    for name in sorted(tensors):
        found.update(name.encode())
        found.update(tensors[name].detach().cpu().contiguous().numpy().tobytes())
    return found.hexdigest()
