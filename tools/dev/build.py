"""Building: CMake's presets, configured when they must be, and Ninja."""

import hashlib
import json
import pathlib
import sys

from dev.steps import ROOT, Failure, run, step

PRESETS_FILE = ROOT / "CMakePresets.json"


def folder_of(preset: str) -> pathlib.Path:
    return ROOT / "build" / preset


def program(preset: str) -> pathlib.Path:
    return folder_of(preset) / "weir"


def presets() -> list[str]:
    listed = json.loads(PRESETS_FILE.read_text())["configurePresets"]
    return [preset["name"] for preset in listed if not preset.get("hidden")]


def build(preset: str = "dev", *targets: str) -> None:
    """Configures and builds a preset, all of it or some targets."""
    configure(preset)
    with step(f"build {preset}"):
        # On a terminal Ninja keeps one line; elsewhere only what fails is worth a line.
        quiet = [] if sys.stdout.isatty() else ["--quiet"]
        run("ninja", *quiet, "-C", folder_of(preset), *targets)


def configure(preset: str) -> None:
    """Runs CMake where a preset is new or changed; Ninja itself sees a changed CMakeLists.txt."""
    if preset not in presets():
        raise Failure(f"no preset `{preset}`; there are {', '.join(presets())}")
    mark = folder_of(preset) / ".configured"
    # The parts' places count too: CMake looks whether they exist.
    deps = sorted(f"{link.name} {link.readlink()}" for link in (ROOT / ".deps").iterdir())
    wanted = hashlib.sha256(PRESETS_FILE.read_bytes() + "\n".join(deps).encode()).hexdigest()
    if mark.exists() and mark.read_text() == wanted and (mark.parent / "build.ninja").exists():
        return
    with step(f"configure {preset}"):
        run("cmake", "--preset", preset, log=folder_of(preset) / "configure.log")
    mark.write_text(wanted)
