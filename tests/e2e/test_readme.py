"""README's tour and the tutorials: every command of them is run, and prints what the page says."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest
import serving

ROOT = pathlib.Path(__file__).parents[2]
TUTORIALS = [
    path for path in sorted((ROOT / "docs" / "tutorials").glob("*.md")) if path.stem != "README"
]


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


@pytest.mark.parametrize("page", [ROOT / "README.md", *TUTORIALS], ids=lambda page: page.stem)
def test_a_page_prints_what_really_happens(page: pathlib.Path, tmp_path: pathlib.Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    commands = tmp_path / "bin"
    commands.mkdir()
    (commands / "weir").symlink_to(serving.program())
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("WEIR_")},
        "PATH": f"{commands}:{os.environ['PATH']}",
        "WEIR_HOME": str(tmp_path / "home"),
    }
    steps = tour(page)
    assert len(steps) > 8
    for command, shown in steps:
        if command.startswith("cat "):
            (tmp_path / command.removeprefix("cat ")).write_text("\n".join(shown) + "\n")
            continue
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        printed = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        if shown:
            assert [line for line in printed if "request: " not in line] == shown, command
        else:
            assert done.returncode == 0, f"{command}: {done.stderr}"
