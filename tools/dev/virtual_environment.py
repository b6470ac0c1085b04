"""The tests' Python: a virtual environment of exactly the locked wheels."""

import os
import pathlib
import shutil
import sys

from dev.steps import output_of


def make(place: pathlib.Path, wheels: list[pathlib.Path]) -> None:
    """Makes the environment beside its place and renames it, so an interrupted run leaves nothing
    that looks finished."""
    building = place.with_name(place.name + ".building")
    shutil.rmtree(building, ignore_errors=True)
    output_of(sys.executable, "-m", "venv", building)
    output_of(
        *(
            building / "bin" / "python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-index",
            "--no-deps",
        ),
        *("--disable-pip-version-check", *wheels),
    )
    point_scripts_at(place, building)
    building.rename(place)


def point_scripts_at(place: pathlib.Path, building: pathlib.Path) -> None:
    """Scripts name their interpreter by its path, which is about to change."""
    for script in (building / "bin").iterdir():
        if script.is_file() and not script.is_symlink():
            content = script.read_bytes()
            script.write_bytes(content.replace(os.fsencode(building), os.fsencode(place)))
