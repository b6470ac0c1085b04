"""Runs every script of this folder, each way a command can reach its home."""

import os
import pathlib

import pytest
import script
import serving

FOLDER = pathlib.Path(__file__).parent
WAYS = ("process", "socket", "network")


def scripts() -> list[pathlib.Path]:
    return sorted(FOLDER.glob("*.test"))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.stem)
def test_script(path: pathlib.Path, way: str, tmp_path: pathlib.Path) -> None:
    parsed = script.parse(path.read_text())
    if parsed.only not in (None, way):
        return
    for name, text in parsed.files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    environment = environment_of(tmp_path)
    if way == "process":
        run_all(parsed, tmp_path, environment)
        return
    with serving.serving(tmp_path / "home", environment=environment) as running:
        if way == "network":
            environment |= {"WEIR_SERVER": running.address, "WEIR_TOKEN": running.token}
        run_all(parsed, tmp_path, environment)


def environment_of(directory: pathlib.Path) -> dict[str, str]:
    """What the scripts run in: a home of their own, and a clock that stands still."""
    commands = directory / "bin"
    commands.mkdir()
    (commands / "weir").symlink_to(serving.program())
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WEIR_")}
    return {
        **kept,
        "PATH": f"{commands}:{os.environ['PATH']}",
        "WEIR_HOME": str(directory / "home"),
        "WEIR_SYSTEM_TIME": "2026-01-01T00:00:00Z",
        "LC_ALL": "C.UTF-8",
        "TEST_DATA": str(pathlib.Path(__file__).resolve().parents[1] / "data"),
    }


def run_all(parsed: script.Script, directory: pathlib.Path, environment: dict[str, str]) -> None:
    for command in parsed.commands:
        wrong = script.run(command, directory, environment)
        assert wrong is None, wrong
