"""Every precision of GIMP: the look is the engine's, alpha and what is not selected are the layer's to the bit."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from photostyle.ops.srgb_curve import linearise
from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.task import RegionPixels, StylizeTask
from photostyle_protocol.color_space import LINEAR_LIGHT
from photostyle_protocol.progress import unfollowed
from photostyle_protocol.request import Settings

KINDS = ("U8", "U16", "U32", "HALF", "FLOAT", "DOUBLE")
DTYPES = {"u8": "u1", "u16": "<u2", "u32": "<u4", "half": "<f2", "float": "<f4", "double": "<f8"}
CASES = [
    *((f"{kind}_{curve}", 3, True) for kind in KINDS for curve in ("NON_LINEAR", "LINEAR")),
    ("U8_PERCEPTUAL", 3, True),
    ("DOUBLE_PERCEPTUAL", 3, True),
    *(
        (precision, colours, alpha)
        for precision in ("U8_NON_LINEAR", "U32_LINEAR", "FLOAT_LINEAR")
        for colours, alpha in ((3, False), (1, True), (1, False))
    ),
]
LOOSE = {"U32", "DOUBLE"}
"""These travel as float, so the look is right within float's rounding and not to the bit."""


@pytest.fixture(scope="module")
def style_file(photographs: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("style") / "style.png"
    Image.fromarray(photographs["rocket"][::16, ::16]).save(file)
    return file


@pytest.mark.usefixtures("editor_daemon")
def test_every_precision(headless: Any, style_file: Path) -> None:
    engine = Engine.load("cpu")
    answers = headless.run("precisions", cases=CASES, style=str(style_file))
    for case, answer in zip(CASES, answers, strict=True):
        _check(case, answer, np.asarray(Image.open(style_file)), engine)


def _check(case: tuple[str, int, bool], answer: dict[str, Any], style: Any, engine: Engine) -> None:
    precision, colours, alpha = case
    channels = colours + alpha
    assert answer["same format"], case
    before, after = (_array(answer[name], answer["format"], channels) for name in ("before", "after"))
    selection = _array(answer["selection"], answer["selection format"], 1)[..., 0]
    assert 0 < (selection == 0).mean() < 1
    assert after[selection == 0].tobytes() == before[selection == 0].tobytes(), case
    if alpha:
        assert after[..., -1].tobytes() == before[..., -1].tobytes(), case
    assert (after != before)[selection > 0][:, :colours].mean() > 0.5, case
    linear = precision.endswith("_LINEAR") and not precision.endswith("NON_LINEAR")
    wanted = _stylized(before, _sent(selection), style, linear, engine)
    if precision.split("_")[0] in LOOSE or linear:
        wanted = wanted.clip(0, 1) if before.dtype.kind == "u" else wanted
        np.testing.assert_allclose(_float(after), wanted, atol=_tolerance(before), err_msg=str(case))
    else:
        assert after.tobytes() == wanted.tobytes(), case


def _stylized(before: Any, selection: Any, style: Any, linear: bool, engine: Engine) -> Any:
    """What the engine makes of it in this process; floats where `before` is no type that it knows."""
    import torch

    space = LINEAR_LIGHT if linear else None
    if linear:
        style = linearise(torch.from_numpy(style.astype(np.float32) / 255)).numpy()
    region = RegionPixels(style, space=space)
    task = StylizeTask(_sent(before), (region,), selection, Settings("monge-kantorovich"), space=space)
    result = stylize(task, unfollowed, engine)
    return _float(result) if before.dtype.itemsize in (4, 8) or linear else result


def _sent(pixels: Any) -> Any:
    return _float(pixels) if pixels.dtype in (np.uint32, np.float64) else pixels


def _float(pixels: Any) -> Any:
    full = np.iinfo(pixels.dtype).max if pixels.dtype.kind == "u" else 1.0
    return (pixels.astype(np.float64) / full).astype(np.float32)


def _tolerance(pixels: Any) -> float:
    """Linear light is computed from a style whose curve babl took off, a little differently than we do."""
    return 1.5 / 255 if pixels.dtype == np.uint8 else 2e-3 if pixels.dtype == np.float16 else 1e-4


def _array(text: str, encoding: str, channels: int) -> Any:
    kind = encoding.split("-space-", maxsplit=1)[0].rpartition(" ")[2]
    return np.frombuffer(base64.b64decode(text), DTYPES[kind]).reshape(22, 31, channels)
