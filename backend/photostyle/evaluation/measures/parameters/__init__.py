"""Published parameters of measures, as safetensors with a recorded digest; README.md says whose they are."""

from __future__ import annotations

import hashlib
from pathlib import Path

from safetensors.torch import load
from torch import Tensor

from photostyle_protocol.errors import JobFailedError

_DIGESTS = {
    "brisque": "3e7a67a8c6fac393fdc4b4aaebce81a0c9aa493108fe28e2bc0426abf056737b",
    "niqe": "8306326ee36635172cf15ec30c162cda2f7e5d4cf246c221ed41d2bd819770b2",
}
_HINT = "Install photostyle again."


def read_parameters(name: str) -> dict[str, Tensor]:
    """The tensors of a measure.

    Raises:
        JobFailedError: The file is missing or was changed.
    """
    path = Path(__file__).with_name(f"{name}.safetensors")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise JobFailedError(f"The parameters of {name} cannot be read: {error}.", _HINT) from error
    if hashlib.sha256(data).hexdigest() != _DIGESTS[name]:
        raise JobFailedError(f"The parameters in {path} are damaged.", _HINT)
    return load(data)
