"""`photostyle install`, `uninstall` and `doctor` as a person types them."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from photostyle import __version__
from photostyle.cli import doctor_editors, exit_codes
from support.command_line import assert_refused, photostyle

GIMP = "plug-ins/photorealistic-style"
KRITA = "pykrita/photorealistic_style"


def add_editor(home: Path, name: str, says: str) -> None:
    program = home / "bin" / name
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)


def profile(home: Path, version: str = "3.0") -> Path:
    folder = home / ".config" / "GIMP" / version
    folder.mkdir(parents=True)
    return folder


def resources(home: Path) -> Path:
    folder = home / ".local" / "share" / "krita"
    folder.mkdir(parents=True)
    return folder


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def out_of(*words: str | Path) -> str:
    done = photostyle(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def doctor_lines(word: str) -> list[str]:
    """What the doctor says of editors, without the rest of the visit, which loads torch."""
    findings = [*doctor_editors.gimp(), *doctor_editors.krita(), *doctor_editors.backend_record()]
    lines = [f"{verdict.value:<5} {what} {advice}" for verdict, what, advice in findings]
    return [line for line in lines if word in line]


def test_gimp_from_beginning_to_end(home: Path) -> None:
    folder = profile(home)
    add_editor(home, "gimp", "GNU Image Manipulation Program version 3.0.4")
    said = out_of("install", "gimp")
    assert f"GIMP 3.0: installed in {folder / GIMP}" in said
    assert "through the editor's own pyzmq (Python 3." in said
    assert said.endswith("Restart GIMP, then: Filters ▸ Photorealistic Style…\n")
    assert os.access(folder / GIMP / "photorealistic-style.py", os.X_OK)
    for name in ("photostyle_plugin/session.py", "vendor/pure/msgpack/fallback.py", "installed.json"):
        assert (folder / GIMP / name).is_file()
    assert (folder / GIMP / "vendor/pure/photostyle_protocol/client.py").is_file()
    assert json.loads((home / ".config/photostyle/backend.json").read_text())["version"] == __version__

    assert "already installed" in out_of("install", "gimp")
    assert any("up to date" in line for line in doctor_lines("ok    GIMP 3.0"))

    assert str(folder) in out_of("uninstall", "gimp")
    assert files(home / ".config") == set()
    assert "not installed in GIMP" in out_of("uninstall", "gimp")


def test_krita_from_beginning_to_end(home: Path) -> None:
    folder = resources(home)
    rc = home / ".config" / "kritarc"
    rc.parent.mkdir()
    rc.write_text("x=1\n\n[python]\nenable_hello=true\n")
    add_editor(home, "krita", "krita 5.2.9")
    assert f"Krita: installed in {folder / KRITA}" in out_of("install", "krita")
    assert rc.read_text() == "x=1\n\n[python]\nenable_photorealistic_style=true\nenable_hello=true\n"
    # As Krita's own importer has it: the action beside the package, never in it.
    assert [name for name in files(folder) if name.endswith(".action")] == ["actions/photorealistic_style.action"]
    assert (folder / "pykrita/photorealistic_style.desktop").is_file()
    assert (folder / KRITA / "vendor/pure/msgpack/__init__.py").is_file()
    assert any("up to date" in line for line in doctor_lines("ok    Krita, "))
    out_of("uninstall", "krita")
    assert files(folder) == set()
    assert rc.read_text() == "x=1\n\n[python]\nenable_hello=true\n"


def test_both_share_what_tells_of_the_backend(home: Path) -> None:
    profile(home)
    resources(home)
    out_of("install", "gimp")
    out_of("install", "krita")
    out_of("uninstall", "gimp")
    assert (home / ".config/photostyle/backend.json").exists()
    (home / ".config/photostyle/memory.json").write_text("{}")
    assert f"Your own settings (recent styles, presets) stay in {home / '.config/photostyle'}" in out_of(
        "uninstall", "krita"
    )
    assert files(home / ".config/photostyle") == {"memory.json"}


def test_every_profile_that_is_found(home: Path) -> None:
    folders = [profile(home, "3.0"), profile(home, "3.2")]
    profile(home, "2.10")
    said = out_of("install", "gimp")
    assert [line.partition(":")[0] for line in said.splitlines() if "installed in" in line] == ["GIMP 3.0", "GIMP 3.2"]
    assert all((folder / GIMP).is_dir() for folder in folders)
    out_of("uninstall", "gimp")
    assert not any((folder / GIMP).exists() for folder in folders)


def test_a_profile_anywhere_is_found_again(home: Path) -> None:
    folder = home / "my gimp"
    out_of("install", "gimp", "--dest", folder)
    assert any(str(folder) in line for line in doctor_lines("up to date"))
    assert str(folder) in out_of("uninstall", "gimp")
    assert files(folder) == set()


def test_the_folder_in_a_profile_is_no_profile(home: Path) -> None:
    done = photostyle("install", "gimp", "--dest", home / "3.0" / "plug-ins")
    assert_refused(done, exit_codes.BAD_INPUT, f"--dest {home / '3.0'}")


def test_no_editor(home: Path) -> None:
    for editor, title in (("gimp", "GIMP"), ("krita", "Krita")):
        assert_refused(photostyle("install", editor), exit_codes.BAD_INPUT, f"{title} was not found", "--dest")
    assert len(doctor_lines("is not here")) == 2
    assert files(home) == {"bin/python3"}


def test_the_doctor_looks_at_editors_too(home: Path) -> None:
    profile(home)
    out_of("install", "gimp")
    said = out_of("doctor")
    assert f"GIMP 3.0, {home / '.config/GIMP/3.0'}: the plug-in is up to date, {__version__}" in said
    assert "Krita is not here" in said


def test_an_editor_that_was_never_started(home: Path) -> None:
    """With a folder of ours there, GIMP would not take over the settings of GIMP 2.10."""
    profile(home, "2.10")
    add_editor(home, "gimp-3.0", "GNU Image Manipulation Program version 3.0.4")
    assert_refused(photostyle("install", "gimp"), exit_codes.BAD_INPUT, "has not been started yet", "Start it once")
    assert not (home / ".config/GIMP/3.0").exists()
    assert doctor_lines("warn  GIMP 3.0.4")


def test_only_an_old_gimp(home: Path) -> None:
    add_editor(home, "gimp", "GNU Image Manipulation Program version 2.10.34")
    assert_refused(photostyle("install", "gimp"), exit_codes.BAD_INPUT, "GIMP 2.10.34", "needs GIMP 3")
    assert doctor_lines("is too old")


def test_the_doctor_sees_what_was_changed(home: Path) -> None:
    folder = profile(home)
    out_of("install", "gimp")
    main = folder / GIMP / "photorealistic-style.py"
    main.chmod(0o644)
    assert any("not executable" in line for line in doctor_lines("warn  GIMP"))
    main.write_text("broken")
    assert any("changed since" in line and "install gimp" in line for line in doctor_lines("warn  GIMP"))
    for name in ("session.py", "texts.py", "lane.py", "state.py"):
        (folder / GIMP / "photostyle_plugin" / name).unlink()
    assert len(doctor_lines(", 2 more. Renew it with")) == 1
    out_of("install", "gimp")
    assert doctor_lines("up to date")
    assert (folder / GIMP / "photorealistic-style.py.yours").read_text() == "broken"


def test_the_doctor_sees_an_older_version_and_another_backend(home: Path) -> None:
    folder = profile(home)
    out_of("install", "gimp")
    receipt = folder / GIMP / "installed.json"
    receipt.write_text(receipt.read_text().replace(f'"photostyle": "{__version__}"', '"photostyle": "0.0.1"'))
    record = home / ".config/photostyle/backend.json"
    record.write_text(json.dumps({"command": ["/elsewhere/python"], "version": "0.0.1"}))
    assert any("0.0.1" in line and "photostyle install gimp" in line for line in doctor_lines("another version"))
    assert any("/elsewhere/python" in line for line in doctor_lines("warn  The plug-ins start another"))


def test_a_flatpak_is_told_what_it_needs_until_it_has_it(home: Path) -> None:
    folder = home / ".var/app/org.gimp.GIMP/config/GIMP/3.0"
    folder.mkdir(parents=True)
    said = out_of("install", "gimp")
    assert "GIMP 3.0 (Flatpak): installed" in said
    assert "flatpak override --user --filesystem=xdg-run/photostyle:create org.gimp.GIMP" in said
    assert "photostyle install service" in said
    assert len(doctor_lines("warn  GIMP 3.0 (Flatpak)")) == 2
    out_of("install", "service")
    overrides = home / ".local/share/flatpak/overrides"
    overrides.mkdir(parents=True)
    (overrides / "org.gimp.GIMP").write_text("[Context]\nfilesystems=xdg-run/photostyle:create;\n")
    assert not doctor_lines("warn  GIMP 3.0 (Flatpak)")


def test_a_profile_of_its_own_name_is_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither its version is known, nor is GIMP's asked."""
    add_editor(home, "gimp", "GNU Image Manipulation Program version 3.0.4")
    monkeypatch.setenv("GIMP3_DIRECTORY", str(home / "mine"))
    assert f"GIMP: installed in {home / 'mine'}" in out_of("install", "gimp")
    assert not doctor_lines("warn")


def test_the_zip_needs_no_krita_and_no_network(home: Path) -> None:
    said = out_of("install", "krita", "--zip", home / "style.zip", "--no-wheels")
    assert "Import Python Plugin from File" in said
    with zipfile.ZipFile(home / "style.zip") as archive:
        names = set(archive.namelist())
        assert archive.testzip() is None
    # Krita looks for the folder's own entry, and puts what is called so beside and above it into their places.
    package = "photorealistic_style/"
    assert names >= {package, "photorealistic_style.desktop", "photorealistic_style.action"}
    assert names >= {f"{package}installed.json", f"{package}vendor/pure/msgpack/fallback.py"}
    assert not [name for name in names if name.endswith((".so", ".pyd", ".pyc"))]
    first = (home / "style.zip").read_bytes()
    out_of("install", "krita", "--zip", home / "style.zip", "--no-wheels")
    assert (home / "style.zip").read_bytes() == first


def test_words_that_do_not_go_together(home: Path) -> None:
    for words in (["--no-wheels"], ["--zip", "a.zip", "--dest", "b"], ["--zip", "a.zip", "--download-wheels"]):
        assert_refused(photostyle("install", "krita", *words), exit_codes.BAD_INPUT, "--zip")
    done = photostyle("install", "krita", "--zip", home / "none" / "a.zip", "--no-wheels")
    assert_refused(done, exit_codes.BAD_INPUT, "cannot be written")


def test_the_service(home: Path) -> None:
    said = out_of("install", "service")
    assert "systemctl --user" in said
    assert (home / ".config/systemd/user/photostyle.service").is_file()
    assert "Removed" in out_of("uninstall", "service")
    assert "No service" in out_of("uninstall", "service")
