"""A published file as small as can be."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
import torch

from photostyle.features.weights.published import Published
from support.file_server import FileServer


def pickled(state: dict[str, torch.Tensor]) -> bytes:
    """As torchvision's files are: of before torch wrote archives."""
    file = io.BytesIO()
    torch.save(state, file, _use_new_zipfile_serialization=False)
    return file.getvalue()


def as_published(content: bytes, address: str, name: str = "vgg19") -> Published:
    """What would be known of a file with this content."""
    digest = hashlib.sha256(content).hexdigest()
    return Published(name, "VGG-19", f"{name}-{digest[:8]}.pth", address, len(content), digest)


@pytest.fixture
def weights_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where fetched weights go; torchvision has fetched nothing."""
    monkeypatch.setenv("PHOTOSTYLE_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    return tmp_path / "weights"


@pytest.fixture
def small(file_server: FileServer) -> Published:
    """Two tensors on the server, one of which is a convolution."""
    torch.manual_seed(6)
    state = {"features.0.weight": torch.randn(64, 3, 3, 3, dtype=torch.float64), "classifier.0.bias": torch.randn(999)}
    file_server.content = pickled(state)
    return as_published(file_server.content, file_server.address)
