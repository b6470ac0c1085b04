"""The pages that come from the program are what it says now, and their readers take them."""

import pathlib
import subprocess

import pytest
import serving

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"


def printed(*arguments) -> str:
    done = subprocess.run(
        [serving.program(), *arguments], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("page", "file"),
    [("reference", "cli.md"), ("exit-codes", "exit-codes.md"), ("config", "config.md")],
)
def test_reference_pages_are_current(page: str, file: str) -> None:
    committed = (DOCS / "reference" / file).read_text()
    assert printed("docs", page) == committed, f"weir docs {page} > docs/reference/{file}"


def test_man_pages_are_current(tmp_path: pathlib.Path) -> None:
    printed("docs", "man", tmp_path)
    written = {path.name: path.read_text() for path in tmp_path.iterdir()}
    committed = {path.name: path.read_text() for path in (DOCS / "man").glob("*.1")}
    assert written == committed, "weir docs man docs/man"


@pytest.mark.parametrize("page", sorted((DOCS / "man").glob("*.1")), ids=lambda page: page.stem)
def test_man_takes_every_page_without_a_warning(page: pathlib.Path) -> None:
    shown = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page],
        capture_output=True,
        text=True,
        env={"LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80", "PATH": "/usr/bin:/bin"},
    )
    assert shown.returncode == 0
    assert shown.stderr == ""
