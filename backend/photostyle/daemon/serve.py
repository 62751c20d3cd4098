"""The daemon from start to end: lock, folders, sockets, signals."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import logging
import os
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zmq

from photostyle.daemon.broker import Broker, StopSwitch
from photostyle.daemon.config import DaemonConfig
from photostyle.daemon.doors import Door, open_local_door, open_network_door
from photostyle.daemon.lock import take_lock
from photostyle.daemon.runner import Runner
from photostyle.daemon.sparing import Sparing
from photostyle.daemon.store import DISK, ImageStore, default_budget, writable_memory
from photostyle.daemon.worker_process import WorkerProcess
from photostyle.machine.allocator import BANDS, keep_freed_memory
from photostyle_protocol.connection import CONNECTION, ipc_path, private_dir, runtime_dir, write_connection
from photostyle_protocol.errors import DaemonUnavailableError, PhotostyleError, ResourceError

_ELSEWHERE = "PHOTOSTYLE_DISK"
"""Names a folder for large pictures other than the cache's."""

_DISK_BYTES = 32 * 2**30
"""Most bytes of large pictures, where nothing else is said: a panorama of 600 megapixels has up to 5 GB."""

log = logging.getLogger(__name__)


def serve(config: DaemonConfig) -> None:
    """Run the daemon until a signal or a client ends it.

    Raises:
        DaemonError: Another daemon runs already, or an address cannot be used.
        BadOptionError: The configuration cannot be used.
        ResourceError: There is no room for the files of the daemon.
    """
    _log_to_stderr()
    _allow_many_files()
    keep_freed_memory(BANDS)
    switch = StopSwitch()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_stop_on_signals(switch))
        folder = runtime_dir()
        stack.enter_context(_told_if_full(folder))
        stack.enter_context(take_lock(folder, os.getpid()))
        # A connection file that lies here is of a daemon that died: the lock is ours.
        (folder / CONNECTION).unlink(missing_ok=True)
        store = stack.enter_context(_store(folder, config))
        context = stack.enter_context(_context())
        doors = stack.enter_context(_doors(context, folder, config))

        def spawn(number: int) -> WorkerProcess:
            command = [*config.worker_command, "--device", config.device, "--store", str(store.folder)]
            return WorkerProcess(context, number, command, folder / "worker.log")

        broker = Broker(context, doors, Runner(config, store, spawn), switch)
        stack.callback(broker.close)
        with _announced(folder / CONNECTION, doors, switch):
            broker.run()


@contextlib.contextmanager
def _told_if_full(folder: Path) -> Iterator[None]:
    """A full disk in words for people."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ResourceError(f"The disk of {folder} is full.", "Make room there.") from error


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Sparing())
    logging.basicConfig(handlers=[handler], level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")


def _allow_many_files() -> None:
    """Every connection is an open file, and many systems begin with 1024 of them."""
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@contextlib.contextmanager
def _announced(path: Path, doors: list[Door], switch: StopSwitch) -> Iterator[None]:
    """The connection file, for as long as clients are welcome."""
    write_connection(path, doors[0].connection)
    switch.announced = path
    for door in doors:
        log.info("listening on %s %s", door.connection.endpoint, door.connection.server_key or "")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _context() -> Iterator[zmq.Context[Any]]:
    context = zmq.Context()
    try:
        yield context
    finally:
        context.term()


@contextlib.contextmanager
def _store(folder: Path, config: DaemonConfig) -> Iterator[ImageStore]:
    """The image store, in memory where the system offers that, but for large pictures; removed at the end."""
    tag = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    path = _store_folder(folder, tag)
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, path, ignore_errors=True)
        (path / DISK).unlink(missing_ok=True)
        if config.store_bytes:
            yield ImageStore(path, config.store_bytes)
        else:
            disk = stack.enter_context(_disk(path, f"store-{tag}")) if path.parent != folder else None
            disk_budget = default_budget(disk, _DISK_BYTES) if disk else 0
            yield ImageStore(path, default_budget(path), disk_budget)


@contextlib.contextmanager
def _disk(store: Path, name: str) -> Iterator[Path | None]:
    """A folder on the disk for large pictures, and a link to it in the store's; nothing where there can be none."""
    from platformdirs import user_cache_path

    elsewhere = os.environ.get(_ELSEWHERE)
    try:
        folder = private_dir((Path(elsewhere) if elsewhere else user_cache_path("photostyle", appauthor=False)) / name)
    except (OSError, PhotostyleError):
        log.warning("no folder for large pictures", exc_info=True)
        yield None
        return
    try:
        (store / DISK).symlink_to(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _store_folder(folder: Path, tag: str) -> Path:
    """A private folder in memory; beside the connection file where that cannot be had."""
    memory = writable_memory()
    if memory is not None:
        try:
            return private_dir(memory / f"photostyle-{tag}")
        except DaemonUnavailableError as error:
            # Everybody may write there, so somebody else may have been first.
            log.warning("the image store cannot be in memory: %s", error)
    return private_dir(folder / "store")


@contextlib.contextmanager
def _doors(context: zmq.Context[Any], folder: Path, config: DaemonConfig) -> Iterator[list[Door]]:
    """Bound sockets."""
    with contextlib.ExitStack() as stack:
        doors = [open_local_door(context, folder, config.local_transport)]
        stack.callback(_remove_socket, folder)
        stack.callback(doors[0].socket.close)
        if config.listen:
            doors.append(open_network_door(context, config))
            stack.callback(doors[1].socket.close)
        _guard(stack, context, doors)
        yield doors


def _guard(stack: contextlib.ExitStack, context: zmq.Context[Any], doors: list[Door]) -> None:
    """Ask for keys at the doors that need them."""
    if not any(door.key_ring for door in doors):
        return
    from zmq.auth.thread import ThreadAuthenticator

    guard = ThreadAuthenticator(context)
    guard.start()
    stack.callback(guard.stop)
    for door in doors:
        if door.key_ring:
            guard.configure_curve_callback(door.domain, credentials_provider=door.key_ring)


def _remove_socket(folder: Path) -> None:
    path = ipc_path(folder)
    path.unlink(missing_ok=True)
    if path.parent != folder:
        path.parent.rmdir()


@contextlib.contextmanager
def _stop_on_signals(switch: StopSwitch) -> Iterator[None]:
    """Turn the switch on SIGTERM and SIGINT, and ring its bell so that the poll loop hears of it at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: Any) -> None:
        switch.turn(f"signal {signal.Signals(number).name}")

    with contextlib.ExitStack() as stack:
        switch.bell, clapper = (stack.enter_context(end) for end in socket.socketpair())
        clapper.setblocking(False)
        stack.callback(signal.set_wakeup_fd, signal.set_wakeup_fd(clapper.fileno()))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        yield
