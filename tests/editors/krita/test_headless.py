"""The plug-in in Krita's engine: what it reads, what it writes, and that it is what the engine makes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle_protocol.request import Settings
from support.command_line import photostyle
from support.daemon import RunningDaemon
from support.editors.krita import Krita
from support.editors.tree import EditorTree

IN_KRITA = Path(__file__).parent / "in_krita.py"
FAST = {"method": "monge-kantorovich"}
LINEAR = "sRGB-elle-V2-g10.icc"
CURVED = "sRGB-elle-V2-srgbtrc.icc"
WIDE = "ClayRGB-elle-V4-srgbtrc.icc"


class Made(NamedTuple):
    """A job that Krita has done: what it said, and the pixels as they crossed the wire."""

    said: dict[str, Any]
    content: Pixels
    style: Pixels
    result: Pixels
    selection: Pixels | None


JOBS: dict[str, dict[str, Any]] = {
    "u8": {},
    "u16": {"space": ["RGBA", "U16", CURVED]},
    "f16": {"space": ["RGBA", "F16", LINEAR]},
    "f32": {"space": ["RGBA", "F32", LINEAR], "scale": 3.0},
    "f32 curved": {"space": ["RGBA", "F32", CURVED]},
    "grey": {"space": ["GRAYA", "U8", "Gray-D50-elle-V2-srgbtrc.icc"]},
    "wide": {"space": ["RGBA", "U16", WIDE]},
    "group": {"kind": "group", "move": [-20, 15]},
    "clone": {"kind": "clone"},
    "filter": {"kind": "filter"},
    "inner": {"kind": "inner"},
    "beyond": {"grow": 30},
    "moved": {"move": [-37, 21], "select": [-10, 30, 80, 60, 5]},
    "selection": {"select": [40, 20, 60, 50, 8]},
    "mask": {"select": [40, 20, 60, 50, 8], "choices": {"limit": "mask"}},
    "whole layer": {"select": [40, 20, 60, 50, 8], "choices": {"area": "layer", "limit": "mask"}},
    "own space": {"own_space": ["RGBA", "U16", CURVED]},
    "open style": {"style_by": "open", "style_select": [10, 10, 50, 40], "choices": {"style_area": "selection"}},
    "style layer": {"style_by": "layer", "space": ["RGBA", "F32", LINEAR]},
    "style by Krita": {"style_by": "krita"},
    "nothing selected": {"select": [5000, 5000, 10, 10, 0]},
    "empty": {"kind": "empty"},
    "lab": {"space": ["LABA", "U16", "Lab identity built-in"]},
    "closed": {"meanwhile": "close"},
    "removed": {"meanwhile": "remove"},
}
"""What each job is made of; `in_krita.prepare` says what the words mean."""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory, photographs: Mapping[str, NDArray[np.uint8]]) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pictures")
    paths = {}
    for name, step in (("coffee", 3), ("chelsea", 4)):
        paths[name] = folder / f"{name}.png"
        Image.fromarray(np.ascontiguousarray(photographs[name][::step, ::step])).save(paths[name])
    return paths


@pytest.fixture(scope="module")
def done(
    editors: EditorTree,
    editor_daemon: RunningDaemon,
    tmp_path_factory: pytest.TempPathFactory,
    pictures: dict[str, Path],
) -> tuple[Path, dict[str, dict[str, Any]]]:
    """All jobs, done in one start of Krita."""
    folder = tmp_path_factory.mktemp("krita")
    jobs = [
        {
            "content": str(pictures["coffee"]),
            "style": str(pictures["chelsea"]),
            **job,
            "choices": {**FAST, **job.get("choices", {})},
        }
        for job in JOBS.values()
    ]
    krita = Krita(editors, folder)
    said = krita.runner(IN_KRITA, "stylize", json.dumps(jobs), folder / "jobs")
    return folder / "jobs", dict(zip(JOBS, said, strict=True))


@pytest.fixture
def made(done: tuple[Path, dict[str, dict[str, Any]]]) -> Any:
    folder, said = done

    def made(name: str) -> Made:
        answer = said[name]
        assert "error" not in answer, answer
        place = folder / str(list(JOBS).index(name))

        def read(file: str, spec: list[int], dtype: str) -> Pixels:
            return np.frombuffer((place / file).read_bytes(), dtype).reshape(spec)

        content = read("content", answer["spec"], answer["dtypes"][0])
        style = read("style", answer["style_spec"], answer["dtypes"][1])
        result = read("result", answer["spec"], answer["dtypes"][0])
        has_selection = (place / "selection").exists()
        selection = read("selection", answer["spec"][:2], "uint8") if has_selection else None
        return Made(answer, content, style, result, selection)

    return made



def expected(made: Made, engine: Engine, **choices: Any) -> Pixels:
    """What the pipeline gives in this process for the pixels that Krita has sent."""
    limit = choices.pop("limit_to_mask", True)
    regions = (RegionPixels(made.style, style_mask=choices.pop("style_mask", None)),)
    settings = Settings(**{**FAST, **choices})
    mask = made.selection if choices.pop("masked", True) else None
    task = StylizeTask(made.content, regions, mask, settings, limit, made.said["linear"])
    return stylize(task, lambda _fraction, _stage: None, engine)
