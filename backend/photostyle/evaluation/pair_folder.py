"""A folder of content and style photographs, with or without region maps, as a benchmark."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from photostyle.evaluation.cases import Case
from photostyle.evaluation.picture_folder import picture_files, read_srgb
from photostyle.imaging.regions import read_regions
from photostyle.stylize.task import Pixels
from photostyle_protocol.errors import BadImageError

_MAPS = "_segmentation"


class PairFolder:
    """The folders ``content`` and ``style``, and ``content_segmentation`` and ``style_segmentation`` where they exist.

    What belongs together has the same name, up to the suffix.

    Args:
        folder: Holds them.

    Raises:
        BadInputError: ``content`` or ``style`` is missing or empty.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = {kind: picture_files(folder / kind) for kind in ("content", "style")}
        for kind in ("content", "style"):
            maps = folder / f"{kind}{_MAPS}"
            self._files[maps.name] = picture_files(maps) if maps.is_dir() else {}

    @property
    def names(self) -> list[str]:
        """The names of the contents."""
        return list(self._files["content"])

    @property
    def record(self) -> Mapping[str, str | int]:
        """See `Benchmark.record`."""
        return {"benchmark": "pairs", "folder": str(self._folder.resolve())}

    def load(self, name: str) -> Case:
        """A pair with its regions; see `Benchmark.load`."""
        content, style = (read_srgb(self._file(kind, name)) for kind in ("content", "style"))
        return Case(name, content, style, self._regions(name, content, style))

    def _regions(self, name: str, content: Pixels, style: Pixels) -> list[tuple[Pixels, Pixels]]:
        kinds = [f"content{_MAPS}", f"style{_MAPS}"]
        if not any(name in self._files[kind] for kind in kinds):
            return []
        on_content, on_style = (self._file(kind, name) for kind in kinds)
        return list(read_regions(on_content, on_style, content, style))

    def _file(self, kind: str, name: str) -> Path:
        if name not in self._files[kind]:
            raise BadImageError(f"There is no picture {name} in {self._folder / kind}.", "Every content needs one.")
        return self._files[kind][name]
