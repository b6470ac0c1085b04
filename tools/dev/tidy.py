"""clang-tidy over what changed since it last found a file clean.

A file is looked at again when it, a header of ours it reaches, its compile command or .clang-tidy
changes; the sums of clean files are kept in build/fuzz/.tidy/. The compile commands are those of
the preset `fuzz`, because they are clang's.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess

from dev import build
from dev.steps import ROOT, Failure, say, step

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
CLEAN = build.folder_of("fuzz") / ".tidy"


def check() -> None:
    build.configure("fuzz")
    commands = json.loads((build.folder_of("fuzz") / "compile_commands.json").read_text())
    waiting = {}
    for command in commands:
        path = pathlib.Path(command["file"])
        if path.suffix == ".cc" and path.is_relative_to(ROOT) and path.exists():
            mark = CLEAN / sum_of(path, command["command"])
            if not mark.exists():
                waiting[path] = mark
    with step(f"clang-tidy of {len(waiting)} of {len(commands)} files"):
        bad = run_all(waiting)
    if bad:
        raise Failure(f"clang-tidy: {len(bad)} files with findings: {', '.join(sorted(bad))}")
    say(f"clang-tidy: {len(commands)} files are clean")


def run_all(waiting: dict[pathlib.Path, pathlib.Path]) -> list[str]:
    bad = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        runs = {pool.submit(run_one, path): path for path in waiting}
        for done in concurrent.futures.as_completed(runs):
            path, (fine, text) = runs[done], done.result()
            if fine:
                waiting[path].parent.mkdir(parents=True, exist_ok=True)
                waiting[path].touch()
            else:
                bad.append(str(path.relative_to(ROOT)))
                print(text, flush=True)
    return bad


def run_one(path: pathlib.Path) -> tuple[bool, str]:
    done = subprocess.run(
        ["clang-tidy-16", "--quiet", "-p", build.folder_of("fuzz"), path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout


def sum_of(path: pathlib.Path, command: str) -> str:
    """One sum over everything that can change what clang-tidy says of a file."""
    text = hashlib.sha256(command.encode() + (ROOT / ".clang-tidy").read_bytes())
    for file in sorted(reached_from(path)):
        text.update(file.read_bytes())
    return text.hexdigest()


def reached_from(path: pathlib.Path) -> set[pathlib.Path]:
    """The file and every header of ours it includes, however far."""
    found: set[pathlib.Path] = set()
    waiting = [path]
    while waiting:
        file = waiting.pop()
        if file in found:
            continue
        found.add(file)
        for name in INCLUDE.findall(file.read_text(errors="replace")):
            waiting += [
                place for place in (ROOT / "src" / name, file.parent / name) if place.is_file()
            ]
    return found
