"""Coverage-guided fuzzing of everything that reads bytes from outside: messages, the worker's pipe, the bridge's.

``fuzz_frames.py SECONDS [CORPUS]``. What is refused must be refused by name; anything else ends the run with a
crash file and a traceback. With ``MSGPACK_PUREPYTHON=1`` the parser of msgpack itself is looked into.
"""

import io
import sys

import atheris

with atheris.instrument_imports(include=["photostyle", "photostyle_protocol", "msgpack"]):
    import msgpack

    from photostyle.daemon import pipe
    from photostyle_protocol import messages as m
    from photostyle_protocol.errors import PhotostyleError
    from photostyle_protocol.frames import decode, encode, read_header
    from photostyle_protocol.stream import read_frames, write_frames

from values import message_of


def read(known, frames) -> None:
    """What is taken in says the same when it is said again; what is refused is refused in few words."""
    try:
        received = decode(known, frames)
    except PhotostyleError as refused:
        encode(m.Error(m.request_id(_header(frames)), refused.code, refused.message, refused.hint))
    else:
        again = decode(known, [encode(received.message), *frames[1:]])
        assert again.message == received.message


def _header(frames) -> dict:
    try:
        return read_header(frames)
    except PhotostyleError:
        return {}


def one_input(data: bytes) -> None:
    provider = atheris.FuzzedDataProvider(data)
    choice = provider.ConsumeIntInRange(0, 5)
    known = m.FROM_CLIENT if choice % 2 else m.FROM_DAEMON
    if choice < 2:
        read(known, [provider.ConsumeBytes(4000), provider.ConsumeBytes(40)][: provider.ConsumeIntInRange(1, 2)])
    elif choice < 4:
        read(known, [msgpack.packb(message_of(provider, known)), b"xy"][: provider.ConsumeIntInRange(1, 2)])
    elif choice == 4:
        read_pipe(provider.ConsumeBytes(4000))
    else:
        read_stream(provider.ConsumeBytes(4000))


def read_pipe(data: bytes) -> None:
    try:
        pipe.parse(data)
    except PhotostyleError:
        return


def read_stream(data: bytes) -> None:
    try:
        frames = read_frames(io.BytesIO(data))
    except PhotostyleError:
        return
    if frames is not None:
        sink = io.BytesIO()
        write_frames(sink, frames)
        assert data.startswith(sink.getvalue())


if __name__ == "__main__":
    seconds, *corpus = sys.argv[1:]
    limits = [f"-max_total_time={seconds}", "-max_len=4096", "-rss_limit_mb=2048", "-timeout=300", "-len_control=0"]
    atheris.Setup([sys.argv[0], *limits, *corpus], one_input)
    atheris.Fuzz()
