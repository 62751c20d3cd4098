"""Pictures of eight bits into the formats that Pillow writes better: WebP and AVIF."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from photostyle.imaging.picture import Picture


def write_shallow(path: Path, name: str, options: Mapping[str, Any], picture: Picture) -> None:
    """Write a new file, not safe from interruption.

    Args:
        path: The file.
        name: Pillow's name of the format.
        options: For its encoder.
        picture: Colours of eight bits.

    Raises:
        OSError: The disk does not take it.
    """
    metadata = picture.metadata
    extras = {"icc_profile": picture.icc_profile, "exif": metadata.exif, "xmp": metadata.xmp}
    image = Image.fromarray(np.ascontiguousarray(picture.pixels))
    image.save(path, name, **options, **{key: value for key, value in extras.items() if value})
