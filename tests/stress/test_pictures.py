"""Files that mean harm, or were damaged: pictures, profiles, camera data, weights, looks."""

import json
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from photostyle.daemon.config import WORKER_COMMAND
from photostyle.imaging.associated_alpha import with_straight_alpha
from photostyle.imaging.profiles import described, usable_profile
from photostyle.imaging.reading import read_picture
from photostyle_protocol.errors import BadInputError
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.request import RegionRef, Settings, StylizeRequest
from support.daemon import Start, environment
from support.icc import srgb_profile

PROGRAM = Path(__file__).parent / "programs" / "damage_pictures.py"


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seconds", [1, pytest.param(600, marks=pytest.mark.stress)])
def test_damage_in_every_format(tmp_path: Path, seconds: int) -> None:
    """A picture or a sentence, never the end of the process, and never much memory."""
    command = [sys.executable, str(PROGRAM), str(seconds), "5", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=True)
    assert not done.stderr, "a sentence of ours is all that a person sees"
    found = json.loads(done.stdout.splitlines()[-1])
    print(sum(found["tried"].values()), found)
    assert found["odd"] == []
    assert found["most MiB"] < 400
    assert {Path(name).suffix for name in found["tried"]} >= {".png", ".jpg", ".tiff", ".webp", ".avif", ".exr", ".jxl"}


def png(width: int, height: int, *chunks: tuple[bytes, bytes], depth: int = 8, kind: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IEND", b"")]
    packed = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


ZEROS = zlib.compress(bytes(50_000_000), 9)
BOMBS = {
    "pixels.png": png(60_000, 60_000, (b"IDAT", ZEROS)),
    "within-the-limit.png": png(30_000, 30_000, (b"IDAT", zlib.compress(bytes(1000)))),
    "deep.png": png(30_000, 30_000, (b"IDAT", zlib.compress(bytes(1000))), depth=16, kind=6),
    "profile.png": png(4, 4, (b"iCCP", b"x\0\0" + ZEROS), (b"IDAT", zlib.compress(bytes(52)))),
    "text.png": png(4, 4, (b"zTXt", b"x\0\0" + ZEROS), (b"IDAT", zlib.compress(bytes(52)))),
    "xmp.png": png(4, 4, (b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0" + ZEROS), (b"IDAT", zlib.compress(bytes(52)))),
    "size.jpg": b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03\x01\x22\0\x02\x11\x01\x03\x11\x01" + bytes(600),
    "size.ppm": b"P6 99999999 99999999 255\n" + bytes(100),
    "size.exr": b"v/1\x01\x02\0\0\0dataWindow\0box2i\0\x10\0\0\0" + bytes(8) + b"\xff\xff\xff\x7f" * 2 + bytes(200),
    "ifd.tiff": b"II*\0\x08\0\0\0\xff\xff" + b"\0\x01\x04\0\xff\xff\xff\xff\xff\xff\xff\x7f" * 50,
    "circle.tiff": b"II*\0\x08\0\0\0\x01\0\0\x01\x04\0\x01\0\0\0\x04\0\0\0\x08\0\0\0",
    "box.jxl": b"\0\0\0\x0cJXL \r\n\x87\n" + b"\xff\xff\xff\xffbrob" + bytes(40),
    "box.avif": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + b"\xff\xff\xff\xffmeta" + bytes(40),
}

READ = """
import resource, sys
from pathlib import Path
from photostyle.imaging.reading import read_picture
from photostyle_protocol.errors import BadInputError
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name in sys.argv[1:]:
    try:
        read_picture(Path(name))
    except BadInputError as error:
        assert str(error), name
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_bombs(tmp_path: Path) -> None:
    """What announces, or unpacks to, far more than it is: the memory of all together stays small."""
    for name, data in BOMBS.items():
        (tmp_path / name).write_bytes(data)
    command = [sys.executable, "-c", READ, *(str(tmp_path / name) for name in BOMBS)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 200 << 10, "kB"


def test_alpha_that_is_next_to_nothing() -> None:
    """Dividing by it leaves no number; the colours stay as they are."""
    held = np.full((2, 2, 4), 1000.0, np.float32)
    held[..., 3] = [[1e-38, 0.5], [0.0, 1.0]]
    straight = with_straight_alpha(held)
    assert np.isfinite(straight).all()
    assert straight[..., 0].tolist() == [[1000.0, 2000.0], [1000.0, 1000.0]]


def test_profiles_that_mean_harm() -> None:
    """A profile that cannot be used is none."""
    good = srgb_profile()
    numbers = np.random.default_rng(3)
    for _ in range(300):
        bad = bytearray(good)
        for _ in range(numbers.integers(1, 8)):
            at = int(numbers.integers(len(bad) - 4))
            bad[at : at + 4] = [b"\xff" * 4, b"\x7f\xff\xff\xff", bytes(4), numbers.bytes(4)][numbers.integers(4)]
        described(usable_profile(bytes(bad), "RGB"))
    for bad in (b"", b"x", good[:130], good[:-10], good + bytes(100), struct.pack(">I", 2**32 - 1) + good[4:]):
        described(usable_profile(bad, "RGB"))


def test_camera_data_that_means_harm(tmp_path: Path) -> None:
    """Loops, lies and nonsense in EXIF cost the camera data, not the photograph."""
    loop = b"MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\x08"
    huge = b"MM\0*\0\0\0\x08\0\x01\x01\x0f\0\x02\xff\xff\xff\xff\0\0\0\x08\0\0\0\0"
    far = b"II*\0\xff\xff\xff\x7f"
    for number, exif in enumerate((loop, huge, far, b"MM", b"", bytes(60_000))):
        for suffix in ("jpg", "png", "webp"):
            path = tmp_path / f"{number}.{suffix}"
            Image.new("RGB", (8, 8), "teal").save(path, exif=b"Exif\0\0" + exif if suffix == "jpg" else exif)
            assert read_picture(path).pixels.shape == (8, 8, 3)


def test_very_many_words_beside_a_picture(tmp_path: Path) -> None:
    info = PngImagePlugin.PngInfo()
    for number in range(40):
        info.add_text(f"key{number}", "x" * 1_000_000, zip=True)
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png", pnginfo=info)
    assert read_picture(tmp_path / "a.png").pixels.shape == (8, 8, 3)


def weights(header: object, data: bytes = b"", length: int | None = None) -> bytes:
    text = json.dumps(header).encode() if not isinstance(header, bytes) else header
    return struct.pack("<Q", len(text) if length is None else length) + text + data


TENSOR = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
STYLES = {
    "empty": b"",
    "short": b"\x01",
    "length": weights({}, length=2**63),
    "long": weights(b"{" * 100_000),
    "nested": weights(b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
    "shape": weights({"w": {**TENSOR, "shape": [2**62, 4]}}, bytes(8)),
    "overflow": weights({"w": {**TENSOR, "shape": [2**33, 2**33]}}, bytes(8)),
    "offsets": weights({"w": {**TENSOR, "data_offsets": [8, 0]}}, bytes(8)),
    "beyond": weights({"w": {**TENSOR, "data_offsets": [0, 2**40]}}, bytes(8)),
    "overlap": weights({"v": TENSOR, "w": TENSOR}, bytes(8)),
    "dtype": weights({"w": {**TENSOR, "dtype": "OBJECT"}}, bytes(8)),
    "pickle": b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94.",
    "zip": b"PK\x03\x04" + bytes(100),
    "other": weights({"__metadata__": {"method": '"johnson"', "version": "1"}, "w": TENSOR}, bytes(8)),
    "metadata": weights({"__metadata__": {"method": "[" * 2000}, "w": TENSOR}, bytes(8)),
    "words": weights({"__metadata__": {"method": '"' + "x" * 50_000 + '"'}, "w": TENSOR}, bytes(8)),
}
SPECIAL = {"folder": ".", "zero": "/dev/zero", "random": "/dev/urandom", "missing": "nowhere", "nul": "a\0b"}


def test_weights_that_mean_harm(start: Start, tmp_path: Path) -> None:
    """They are refused in the worker, by a sentence, and it lives on."""
    places = {name: str(tmp_path / name) for name in STYLES}
    for name, data in STYLES.items():
        Path(places[name]).write_bytes(data)
    daemon = start(worker_command=list(WORKER_COMMAND), device="cpu")
    worker = daemon.wait_for_worker()
    spec = ImageSpec(8, 8, 3, "uint8")
    with daemon.connect(30.0) as client:
        name = client.put(spec, bytes(spec.nbytes))
        for what, place in {**places, **SPECIAL}.items():
            settings = Settings("johnson", options={"model": place})
            with pytest.raises(BadInputError) as refused:
                client.stylize(StylizeRequest(name, (RegionRef(name),), settings=settings))
            assert 10 < len(refused.value.message) <= 4000, what
    assert daemon.wait_for_worker() == worker
