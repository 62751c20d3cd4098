"""The image store: budget, order of leaving, pins, halves, and what may not get in."""

import os
import stat
from pathlib import Path

import pytest

from photostyle.daemon import serve
from photostyle.daemon.config import DaemonConfig
from photostyle.daemon.store import DISK, HALF_PUTS, HALF_SECONDS, PAUSE_SECONDS, ImageStore, default_budget
from photostyle_protocol.errors import BadImageError, BusyError, ProtocolError, ResourceError, UnknownImageError
from photostyle_protocol.images import ImageSpec, digest
from support.daemon import PIXELS, SPEC, Start

SIZE = SPEC.nbytes
OWNER = object()


def picture(number: int) -> bytes:
    return bytes([number]) * SIZE


def name_of(number: int) -> str:
    return digest(SPEC, picture(number))


def put(store: ImageStore, number: int) -> str:
    assert store.write(OWNER, name_of(number), SPEC, 0, memoryview(picture(number))) == (SIZE, True)
    return name_of(number)


@pytest.fixture
def store(tmp_path: Path) -> ImageStore:
    return ImageStore(tmp_path, 3 * SIZE)


def files(store: ImageStore) -> set[str]:
    return {path.name for path in store.folder.iterdir()}


def test_the_one_not_used_for_longest_leaves_first(store: ImageStore) -> None:
    first, second, third = (put(store, number) for number in range(3))
    store.read(first, 0, 1)
    fourth = put(store, 3)
    assert store.touch([first, second, third, fourth]) == (first, third, fourth)
    assert files(store) == {first, third, fourth}
    assert store.nbytes == 3 * SIZE


def test_asking_counts_as_use(store: ImageStore) -> None:
    first, second, _ = (put(store, number) for number in range(3))
    store.touch([first])
    put(store, 3)
    assert store.touch([first, second]) == (first,)


def test_what_is_in_use_stays(store: ImageStore) -> None:
    first, second, third = names = [put(store, number) for number in range(3)]
    store.pin([first])
    store.pin([first])
    store.unpin([first])
    put(store, 3)
    assert first in files(store)
    assert second not in files(store)
    store.pin([third, name_of(3)])
    with pytest.raises(BusyError, match="full of pictures in use"):
        put(store, 4)
    store.unpin(names)
    put(store, 4)


def test_more_than_the_whole_store_is_refused(store: ImageStore) -> None:
    spec = ImageSpec(4 * SPEC.height, SPEC.width, 3, "uint8")
    with pytest.raises(ResourceError, match="7200 bytes, but the daemon's store only 5400"):
        store.write(OWNER, digest(spec, bytes(spec.nbytes)), spec, 0, memoryview(bytes(100)))


def test_room_for_a_half_is_kept(store: ImageStore) -> None:
    name = name_of(0)
    assert store.write(OWNER, name, SPEC, 0, memoryview(picture(0))[:100]) == (100, False)
    assert store.nbytes == SIZE
    with pytest.raises(UnknownImageError):
        store.spec(name)
    for number in range(1, 5):
        put(store, number)
    assert store.write(OWNER, name, SPEC, 100, memoryview(picture(0))[100:]) == (SIZE, True)


def test_halves_are_counted_and_freed(store: ImageStore) -> None:
    tiny = ImageSpec(2, 1, 1, "uint8")
    for number in range(HALF_PUTS):
        store.write(OWNER, digest(tiny, bytes([number, 0])), tiny, 0, memoryview(bytes([number])))
    with pytest.raises(BusyError, match="being sent at the same time"):
        store.write(OWNER, digest(tiny, b"xy"), tiny, 0, memoryview(b"x"))
    store.forget_owner(object())
    assert len(files(store)) == HALF_PUTS
    store.forget_owner(OWNER)
    assert (files(store), store.nbytes) == (set(), 0)


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_half_of_which_nothing_more_comes_gives_its_room_away(tmp_path: Path) -> None:
    """Its client lives, so nothing else would end it; as long as it grows it keeps its room."""
    clock = Clock()
    store = ImageStore(tmp_path, SIZE, clock=clock)
    name, other = name_of(0), object()
    store.write(OWNER, name, SPEC, 0, memoryview(picture(0))[:100])
    for offset in range(100, 400, 100):
        clock.now += HALF_SECONDS - 1
        with pytest.raises(BusyError, match="full of pictures in use"):
            store.write(other, name_of(1), SPEC, 0, memoryview(picture(1)))
        store.write(OWNER, name, SPEC, offset, memoryview(picture(0))[offset : offset + 100])
    clock.now += HALF_SECONDS + 1
    assert store.write(other, name_of(1), SPEC, 0, memoryview(picture(1))) == (SIZE, True)
    assert files(store) == {name_of(1)}
    with pytest.raises(ProtocolError, match="where 0 comes next"):
        store.write(OWNER, name, SPEC, 400, memoryview(picture(0))[400:])


def test_who_gave_up_sending_may_send_again(tmp_path: Path) -> None:
    """An editor keeps its connection for days, and in it pictures are given up in the middle."""
    clock = Clock()
    store = ImageStore(tmp_path, 20 * SIZE, clock=clock)
    for number in range(HALF_PUTS):
        store.write(OWNER, name_of(number), SPEC, 0, memoryview(picture(number))[:100])
        clock.now += PAUSE_SECONDS / 2
    store.write(OWNER, name_of(8), SPEC, 0, memoryview(picture(8))[:100])
    assert (len(files(store)), store.nbytes) == (3, 3 * SIZE), "of the four before only those that may go on are here"
    assert store.write(OWNER, name_of(3), SPEC, 100, memoryview(picture(3))[100:]) == (SIZE, True)


def test_two_clients_may_send_the_same(store: ImageStore) -> None:
    name, other = name_of(0), object()
    store.write(OWNER, name, SPEC, 0, memoryview(picture(0))[:10])
    assert store.write(other, name, SPEC, 0, memoryview(picture(0))) == (SIZE, True)
    assert store.write(OWNER, name, SPEC, 10, memoryview(picture(0))[10:20]) == (SIZE, True)
    assert (files(store), store.nbytes) == ({name}, SIZE)


@pytest.mark.parametrize(
    ("offset", "length"), [(0, 0), (0, SIZE + 1), (99, 1), (101, 1), (100, SIZE), (-1, 1), (2**62, 1), (SIZE, 1)]
)
def test_bands_that_do_not_fit(store: ImageStore, offset: int, length: int) -> None:
    store.write(OWNER, name_of(0), SPEC, 0, memoryview(picture(0))[:100])
    with pytest.raises(ProtocolError):
        store.write(OWNER, name_of(0), SPEC, offset, memoryview(bytes(length)))


def test_a_band_of_another_shape(store: ImageStore) -> None:
    store.write(OWNER, name_of(0), SPEC, 0, memoryview(picture(0))[:100])
    with pytest.raises(ProtocolError, match="where 100 comes next"):
        store.write(OWNER, name_of(0), ImageSpec(30, 20, 3, "uint8"), 100, memoryview(bytes(100)))


def test_pixels_must_have_their_digest(store: ImageStore) -> None:
    with pytest.raises(ProtocolError, match="have another digest"):
        store.write(OWNER, name_of(0), SPEC, 0, memoryview(picture(1)))
    assert (files(store), store.nbytes) == (set(), 0)


@pytest.mark.parametrize(("offset", "length"), [(-1, 10), (SIZE, 1), (0, 0), (0, -1), (2**62, 1)])
def test_ranges_outside_of_a_picture(store: ImageStore, offset: int, length: int) -> None:
    name = put(store, 0)
    with pytest.raises(ProtocolError, match="lie outside"):
        store.read(name, offset, length)


def test_a_result_is_taken_in_and_makes_room(store: ImageStore) -> None:
    names = [put(store, number) for number in range(3)]
    (store.folder / "result-1").write_bytes(picture(9))
    store.adopt(name_of(9), SPEC, "result-1")
    assert files(store) == {*names[1:], name_of(9)}
    assert store.read(name_of(9), 0, SIZE) == picture(9)
    (store.folder / "result-2").write_bytes(b"short")
    with pytest.raises(ProtocolError, match="not a picture of 1800 bytes"):
        store.adopt(name_of(8), SPEC, "result-2")
    assert "result-2" not in files(store)


def test_a_result_that_equals_a_picture_in_use(store: ImageStore) -> None:
    name = put(store, 0)
    store.pin([name])
    (store.folder / "result-1").write_bytes(picture(0))
    store.adopt(name, SPEC, "result-1")
    assert (files(store), store.nbytes) == ({name}, SIZE)


def test_nothing_of_a_dead_daemon_is_left(tmp_path: Path) -> None:
    (tmp_path / ("0" * 64)).write_bytes(b"x")
    (tmp_path / "part-1").touch()
    assert files(ImageStore(tmp_path, 100)) == set()


def test_the_budget_suits_the_machine(tmp_path: Path) -> None:
    assert 0 < default_budget(tmp_path) <= 4 * 2**30


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_an_error(store: ImageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    name = name_of(0)
    store.write(OWNER, name, SPEC, 0, memoryview(picture(0))[:100])
    (part,) = store.folder.iterdir()
    part.unlink()
    part.symlink_to("/dev/full")
    with pytest.raises(ResourceError, match="has no room left"):
        store.write(OWNER, name, SPEC, 100, memoryview(picture(0))[100:])
    assert store.nbytes == 0


@pytest.fixture
def two_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ImageStore:
    """A store in which a picture of `SPEC` is a large one."""
    monkeypatch.setattr("photostyle.daemon.store.LARGE_BYTES", SIZE - 1)
    (tmp_path / "memory").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "memory" / DISK).symlink_to(tmp_path / "elsewhere")
    return ImageStore(tmp_path / "memory", SIZE, 2 * SIZE)


def test_a_large_picture_lies_on_the_disk(two_places: ImageStore) -> None:
    tiny = ImageSpec(2, 1, 1, "uint8")
    small = digest(tiny, b"ab")
    two_places.write(OWNER, small, tiny, 0, memoryview(b"ab"))
    first, second = put(two_places, 0), put(two_places, 1)
    assert files(two_places) == {DISK, small}
    assert {path.name for path in (two_places.folder / DISK).iterdir()} == {first, second}
    assert two_places.read(second, 1, SIZE) == picture(1)[1:]
    # Each place has its own room: a third large picture takes that of the first.
    (two_places.folder / DISK / "result-1").write_bytes(picture(2))
    two_places.adopt(name_of(2), SPEC, "result-1")
    assert two_places.touch([small, first, second, name_of(2)]) == (small, second, name_of(2))
    assert (two_places.nbytes, two_places.room) == (2 + 2 * SIZE, 3 * SIZE)
    two_places.remove(second)
    (two_places.folder / DISK / "result-2").touch()
    two_places.sweep()
    assert {path.name for path in (two_places.folder / DISK).iterdir()} == {name_of(2)}
    two_places.clear()
    assert not any((two_places.folder / DISK).iterdir())


def test_the_daemon_has_a_disk_for_large_pictures(
    runtime_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "writable_memory", lambda: tmp_path)
    monkeypatch.setenv("PHOTOSTYLE_DISK", str(tmp_path / "large"))
    for _ in range(2):
        with serve._store(runtime_dir, DaemonConfig()) as store:
            disk = (store.folder / DISK).resolve()
            assert disk.parent == tmp_path / "large"
            assert stat.S_IMODE(disk.stat().st_mode) == 0o700
            assert store.disk_budget > 0
        assert not disk.exists()
        assert not store.folder.exists()


def test_over_the_wire(start: Start) -> None:
    daemon = start(store_bytes=3 * SIZE)
    with daemon.connect() as client:
        names = [client.put(SPEC, picture(number)) for number in range(4)]
        assert client.have(names) == set(names[1:])
        with pytest.raises(UnknownImageError, match="Send it again"):
            client.get(names[0])
        with pytest.raises(ResourceError):
            client.put(ImageSpec(1000, 30, 3, "uint8"), bytes(90_000))
        with pytest.raises(BadImageError):
            client.put(SPEC, PIXELS + b"x")
        assert client.status()["store"] == {"bytes": 3 * SIZE, "budget": 3 * SIZE, "images": 3}


def test_files_are_private(start: Start) -> None:
    daemon = start()
    before = set(Path("/dev/shm").glob("photostyle-*"))
    with daemon.connect() as client:
        name = client.put(SPEC, os.urandom(SIZE))
    folders = [path for path in (*before, daemon.folder / "store") if (path / name).exists()]
    assert [stat.S_IMODE(path.stat().st_mode) for path in folders] == [0o700]
    assert stat.S_IMODE((folders[0] / name).stat().st_mode) == 0o600
    assert (folders[0] / name).stat().st_uid == os.getuid()
