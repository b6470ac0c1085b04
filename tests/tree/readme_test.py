"""A newcomer finds a page in every folder that people look into."""

import pathlib
import subprocess

import pytest
from dev.steps import ROOT

PLACES = ("src", "tests", "tools", "docs", "examples", "deploy", "bench")
# Their content speaks for itself, or is not for people.
SILENT = ("tests/data/odf/", "tests/fixtures/homes/", "tests/fuzz/corpus/")
QUIET = ("bench/results", "docs/img", "docs/man", "deploy/debian", "deploy/systemd")


def folders() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *PLACES], cwd=ROOT, check=True, capture_output=True, text=True
    )
    parents = set()
    for name in filter(None, listed.stdout.split("\0")):
        if not name.startswith(SILENT):
            parents.update(str(parent) for parent in pathlib.Path(name).parents)
    return sorted(parents - {".", *QUIET})


@pytest.mark.parametrize("folder", folders())
def test_a_folder_has_a_readme_of_one_screen(folder):
    page = ROOT / folder / "README.md"
    assert page.exists(), f"{folder} has no README.md"
    assert len(page.read_text().splitlines()) <= 60
