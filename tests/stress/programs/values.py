"""Messages that are nearly right, drawn from a fuzzer's bytes."""

import dataclasses
import typing

PLAUSIBLE = {
    "protocol": (5, 4, 0, 2**63),
    "digest": ("0" * 64, "f" * 64, "../x", ""),
    "content": ("0" * 64, "f" * 64),
    "style": ("0" * 64, "f" * 64),
    "mask": ("0" * 64, None),
    "content_mask": ("0" * 64, None),
    "style_mask": ("0" * 64, None),
    "dtype": ("uint8", "float32", "uint16", "float16", "x"),
    "method": ("invert", "steps", "die", "x" * 16_000),
    "finish": ("auto", "none"),
    "code": ("error", "protocol", "nonsense"),
}


def message_of(provider, known):
    """A map with the keys of a message, some of them missing, strange, or of the wrong type."""
    name = provider.PickValueInList(sorted(known))
    return {"type": name, **_fields(provider, known[name])}


def _fields(provider, cls):
    hints = typing.get_type_hints(cls)
    found = {name: _value(provider, name, hint) for name, hint in hints.items() if provider.ConsumeIntInRange(0, 15)}
    if not provider.ConsumeIntInRange(0, 31):
        found[provider.ConsumeUnicodeNoSurrogates(8)] = _anything(provider)
    return found


def _value(provider, name, hint):
    if not provider.ConsumeIntInRange(0, 15):
        return _anything(provider)
    if name in PLAUSIBLE and provider.ConsumeIntInRange(0, 3):
        return provider.PickValueInList(list(PLAUSIBLE[name]))
    if dataclasses.is_dataclass(hint):
        return _fields(provider, hint)
    arguments = typing.get_args(hint)
    return _structure(provider, name, hint, arguments) if arguments else _scalar(provider, hint)


def _structure(provider, name, hint, arguments):
    origin = typing.get_origin(hint)
    if origin is typing.Union:
        return _value(provider, name, provider.PickValueInList(list(arguments)))
    count = provider.ConsumeIntInRange(0, 4)
    if origin is tuple:
        return [_value(provider, name, arguments[0]) for _ in range(count)]
    return {_text(provider): _value(provider, name, arguments[1]) for _ in range(count)}


def _scalar(provider, hint):
    if hint is bool:
        return provider.ConsumeBool()
    if hint is int:
        return provider.ConsumeIntInRange(-2, 9)
    if hint is float:
        return provider.ConsumeFloat()
    return None if hint is type(None) else _text(provider)


def _text(provider):
    return provider.ConsumeUnicodeNoSurrogates(provider.ConsumeIntInRange(0, 40))


def _anything(provider, depth=0):
    choice = provider.ConsumeIntInRange(0, 8 if depth < 6 else 5)
    if choice == 6:
        return [_anything(provider, depth + 1) for _ in range(provider.ConsumeIntInRange(0, 3))]
    if choice == 7:
        return {_text(provider): _anything(provider, depth + 1) for _ in range(provider.ConsumeIntInRange(0, 3))}
    if choice == 8:
        return _nested(provider.ConsumeIntInRange(1, 1200))
    makers = (
        lambda: provider.ConsumeInt(8),
        provider.ConsumeFloat,
        provider.ConsumeBool,
        lambda: provider.ConsumeBytes(9),
        lambda: _text(provider),
        lambda: None,
    )
    return makers[choice]()


def _nested(depth):
    value = 0
    for _ in range(min(depth, 500)):
        value = [value]
    return value
