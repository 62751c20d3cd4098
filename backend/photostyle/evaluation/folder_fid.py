"""FID of two folders of pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from torch import Tensor

from photostyle.evaluation.measures.fid import fid
from photostyle.evaluation.picture_folder import picture_files, read_srgb
from photostyle.stylize.pixels import to_rgb
from photostyle_protocol.progress import Progress

_CPU = torch.device("cpu")


def folder_fid(outputs: Path, reference: Path, weights: Path, progress: Progress) -> float:
    """The distance of results from photographs; see `fid`.

    Args:
        outputs: A folder of results.
        reference: A folder of pictures to be like.
        weights: The network's file.
        progress: Called with the done fraction and what is being looked at.

    Raises:
        BadInputError: A folder, a picture or the file cannot be used.
        BadOptionError: The extra is not installed.
    """
    files = picture_files(outputs), picture_files(reference)
    total = len(files[0]) + len(files[1])
    return fid(_pictures(files[0], 0, total, progress), _pictures(files[1], len(files[0]), total, progress), weights)


def _pictures(files: Mapping[str, Path], done: int, total: int, progress: Progress) -> Iterator[Tensor]:
    for number, (name, path) in enumerate(files.items(), start=done):
        progress(number / total, name)
        yield to_rgb(read_srgb(path), _CPU)
