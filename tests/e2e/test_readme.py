"""README's tours and the tutorials: every command of them is run, and prints what the page says.

They run in a folder that has what `./dev up` has made: examples/, .deps/ and the first files of
data/. Pages show it as /home/ann/weir. A line that only exports is there for those after it."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest
import serving

ROOT = pathlib.Path(__file__).parents[2]
TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
PAGES = [ROOT / "README.md", *(page for page in TUTORIALS if page.name != "README.md")]


def test_the_readme_shows_the_tour_that_dev_up_prints() -> None:
    printed = (ROOT / "tools" / "dev" / "tour.txt").read_text().splitlines()
    commands = [line for line in printed if line and not line.startswith(("#", "export "))]
    shown = [command for command, _ in tour(ROOT / "README.md")]
    missing = [command for command in commands if command not in shown]
    assert missing == ["weir get datasets"], "its times are never the same"


def tour(page: pathlib.Path) -> list[tuple[str, list[str]]]:
    """The commands of a page's console blocks in order, each with the lines shown after it."""
    steps: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", page.read_text(), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append((line.removeprefix("$ "), []))
            elif line:
                steps[-1][1].append(line)
    return steps


@pytest.mark.timeout(600)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_prints_what_really_happens(tmp_path: pathlib.Path, page: pathlib.Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copytree(ROOT / ".deps" / "flights" / "first", tmp_path / "data")
    (tmp_path / ".deps").symlink_to(ROOT / ".deps")
    commands = tmp_path / "bin"
    commands.mkdir()
    (commands / "weir").symlink_to(serving.program())
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("WEIR_")},
        "PATH": f"{commands}:{os.environ['PATH']}",
    }
    steps = tour(page)
    assert len(steps) > 8
    exports = ""
    for command, shown in steps:
        if command.startswith("export ") and ";" not in command:
            exports += command + "\n"
            continue
        if command.startswith("cat "):
            (tmp_path / command.removeprefix("cat ")).write_text("\n".join(shown) + "\n")
            continue
        done = subprocess.run(
            ["bash", "-c", exports + command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        said = (done.stdout + done.stderr).replace(str(tmp_path), "/home/ann/weir")
        printed = [line for line in said.splitlines() if line.strip()]
        if shown:
            assert [line for line in printed if "request: " not in line] == shown, command
        else:
            assert done.returncode == 0, f"{command}: {done.stderr}"
