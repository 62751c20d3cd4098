"""What both stages of REST's training are told alike."""

from __future__ import annotations

from dataclasses import dataclass

from photostyle.methods.networks.rest_statistics import TRANSFORMS
from photostyle.training.trainer import TrainingConfig
from photostyle_protocol.errors import BadOptionError


@dataclass(frozen=True, kw_only=True)
class RestStageConfig(TrainingConfig):
    """A recorded training run, see `TrainingConfig`.

    Attributes:
        transform: How features take the style's statistics, one of `TRANSFORMS`; a network is run as it was trained.

    Raises:
        BadOptionError: The transform is unknown.
    """

    transform: str = "adain"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.transform not in TRANSFORMS:
            raise BadOptionError(f"The transform is {self.transform!r}.", f"Choose from: {', '.join(TRANSFORMS)}.")
