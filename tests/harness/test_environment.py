import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from support.environment import session_root
from support.torchvision import torchvision_problem
from support.waiting import wait_for


def test_runtime_dir_belongs_to_the_session() -> None:
    folder = Path(os.environ["PHOTOSTYLE_RUNTIME_DIR"])
    assert folder.is_relative_to(session_root())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_runtime_dir_of_a_test(runtime_dir: Path) -> None:
    assert os.environ["PHOTOSTYLE_RUNTIME_DIR"] == str(runtime_dir)
    assert len(str(runtime_dir)) < 60
    assert not list(runtime_dir.iterdir())


def test_photographs(photographs, photograph_files) -> None:
    for name, picture in photographs.items():
        assert picture.ndim == 3
        assert picture.shape[2] == 3
        assert photograph_files[name].stat().st_size > 10_000


@pytest.mark.torchvision
def test_torchvision_mark_means_it_imports() -> None:
    import torchvision.models

    assert torchvision.models.vgg19


def test_torchvision_problem_is_a_sentence_or_nothing() -> None:
    command = [sys.executable, "-c", "import torchvision.models"]
    imports = subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert bool(torchvision_problem()) is not imports


def test_wait_for_gives_up() -> None:
    with pytest.raises(AssertionError, match=r"0\.05 s in vain for rain"):
        wait_for(lambda: False, seconds=0.05, what="rain")


def test_wait_for_returns_what_was_found() -> None:
    answers = iter([None, 0, 7])
    assert wait_for(lambda: next(answers)) == 7
