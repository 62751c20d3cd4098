"""A trained REST as the beginning of the next stage."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch

from photostyle.methods.networks.rpnet import RPNet
from photostyle.methods.rest import CHECKPOINTS, HEAD
from photostyle.models import store
from photostyle.training import checkpoint
from photostyle.training.trainer import Recorded
from photostyle_protocol.errors import BadOptionError


class FirstStage(NamedTuple):
    """What was trained, and by which configurations, oldest first."""

    network: RPNet
    history: list[Recorded]


def read_first_stage(folder: Path | None) -> FirstStage:
    """Read the default form's network from a folder of models, or the one in use; a learned colour map is left out.

    Raises:
        BadOptionError: There is none in the folder, or the file is none.
    """
    name = CHECKPOINTS["skip"]
    path = (folder or store.home(name)) / name
    if not path.is_file():
        raise BadOptionError(f"There is no {name} in {path.parent}.", "Name a folder of photostyle train rest.")
    tensors, metadata = checkpoint.load(path)
    network = RPNet()
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    try:
        network.load_state_dict({n: t for n, t in tensors.items() if not n.startswith(f"{HEAD}.")})
    except RuntimeError as error:
        raise BadOptionError(f"{path} holds another network.", "Name a folder of photostyle train rest.") from error
    return FirstStage(network, [*metadata.get("history", []), metadata.get("config", {})])
