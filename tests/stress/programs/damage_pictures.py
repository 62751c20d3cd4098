"""Damaged pictures through every decoder: ``damage_pictures.py SECONDS SEED FOLDER``.

Each is a picture, or a sentence why not. Prints a JSON line: how many of each format were tried, which of them killed
the process that read them or raised anything else (kept in FOLDER), and the most memory that one of them took.
"""

import json
import os
import resource
import sys
import time
import traceback
from pathlib import Path

import numpy as np

from photostyle.imaging.metadata import Metadata
from photostyle.imaging.picture import Picture
from photostyle.imaging.reading import read_picture
from photostyle.imaging.writing import write_picture
from photostyle_protocol.color_space import LINEAR_LIGHT
from photostyle_protocol.errors import BadInputError
from support.icc import srgb_profile

EXIF = b"MM\0*\0\0\0\x08\0\x01\x01\x0f\0\x02\0\0\0\x04abc\0\0\0\0\0"
BATCH = 40
LIMIT = 4_000_000


def seeds(folder: Path) -> dict[str, bytes]:
    """A small picture in every format and depth that is written."""
    numbers = np.random.default_rng(1)
    made = {}
    for suffix, dtypes in FORMATS.items():
        for dtype in dtypes:
            for channels in (3, 4):
                path = folder / f"seed-{dtype}-{channels}{suffix}"
                try:
                    write_picture(path, picture(numbers, dtype, channels, suffix))
                except BadInputError:
                    raise
                except Exception as error:
                    if type(error).__name__ != "OutputError":
                        raise
                    continue  # a format that does not hold these
                made[path.name.removeprefix("seed-")] = path.read_bytes()
    return made


FORMATS = {
    ".png": ("uint8", "uint16"),
    ".jpg": ("uint8",),
    ".tiff": ("uint8", "uint16", "float16", "float32"),
    ".webp": ("uint8",),
    ".avif": ("uint8",),
    ".exr": ("float16", "float32"),
    ".jxl": ("uint8", "uint16", "float32"),
    ".bmp": ("uint8",),
    ".ppm": ("uint8", "uint16"),
}


def picture(numbers, dtype: str, channels: int, suffix: str) -> Picture:
    values = numbers.random((9, 11, channels))
    whole = np.dtype(dtype).kind == "u"
    pixels = (values * np.iinfo(dtype).max).astype(dtype) if whole else values.astype(dtype)
    if suffix == ".exr":
        return Picture(pixels, space=LINEAR_LIGHT)
    return Picture(pixels, srgb_profile(), Metadata(EXIF, b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", (72.0, 72.0)))


def damaged(numbers, data: bytes) -> bytes:
    """Some bytes changed, a stretch doubled, left out or moved, or the end missing."""
    found = bytearray(data)
    for _ in range(numbers.integers(1, 6)):
        at, length = int(numbers.integers(len(found))), int(2 ** numbers.uniform(0, 6))
        choice = numbers.integers(6)
        if choice < 3:
            extreme = [b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"\x80\0\0\0", numbers.bytes(4), numbers.bytes(1)]
            patch = extreme[numbers.integers(len(extreme))]
            found[at : at + len(patch)] = patch
        elif choice == 3:
            found[at:at] = found[at : at + length]
        elif choice == 4 and len(found) > length + 8:
            del found[at : at + length]
        elif numbers.random() < 0.3:
            del found[max(at, 8) :]
    return bytes(found)


def try_batch(files: list[Path], report: int) -> None:
    """In a process of its own: say which file is being read, so that a death has a name."""
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    for number, path in enumerate(files):
        os.write(report, bytes([number]))
        try:
            read_picture(path, LIMIT)
        except BadInputError:
            pass
        except BaseException:
            traceback.print_exc()
            os.write(report, b"\xff")
    os._exit(0)


def run_batch(files: list[Path]) -> list[str]:
    """Names of the files that did anything else than be read or be refused."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try_batch(files, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        said = stream.read()
    _, status = os.waitpid(child, 0)
    odd = [files[said[i - 1]].name for i, byte in enumerate(said) if byte == 0xFF]
    if os.WIFSIGNALED(status):
        odd.append(f"{files[said.rstrip(bytes([255]))[-1]].name} (signal {os.WTERMSIG(status)})")
    return odd


def main() -> None:
    seconds, seed, folder = float(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    numbers, originals = np.random.default_rng(seed), seeds(folder)
    tried, odd = dict.fromkeys(originals, 0), []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for name, data in originals.items():
            files = [folder / f"{number}-{name}" for number in range(BATCH)]
            for path in files:
                path.write_bytes(damaged(numbers, data))
            for bad in run_batch(files):
                kept = folder / f"odd-{len(odd)}-{name}"
                (folder / bad.split(" ")[0]).rename(kept)
                odd.append(f"{bad} → {kept.name}")
            tried[name] += BATCH
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    print(json.dumps({"tried": tried, "odd": odd, "most MiB": most}))


if __name__ == "__main__":
    main()
