#!/usr/bin/env python3
"""Rewrites the `lock` of tools/dev/parts.toml: the newest wheels of what `wants` names, and of what
those need, with their sums. Run it by hand (`tools/dev/lock.py`), look at the difference, run the
tests, commit.
"""

import json
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from dev import parts
from dev.fetch import python_with_pip
from dev.steps import output_of


def main() -> None:
    rows = "\n".join(f'  ["{name}", "{version}", "{sha}"],' for name, version, sha in resolved())
    text = parts.PARTS_FILE.read_text()
    text = re.sub(r"(?m)^lock = \[\n(?:  .*\n)*\]", f"lock = [\n{rows}\n]", text)
    parts.PARTS_FILE.write_text(text)


def resolved() -> list[tuple[str, str, str]]:
    """What pip would install into an empty environment, as (name, version, sum of the wheel)."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report, python_with_pip() as python:
        output_of(
            *(python, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet"),
            *("--only-binary=:all:", "--report", report.name, *parts.read().wants),
        )
        installs = json.loads(pathlib.Path(report.name).read_text())["install"]
    return sorted(
        (
            parts.normalized(each["metadata"]["name"]),
            each["metadata"]["version"],
            each["download_info"]["archive_info"]["hashes"]["sha256"],
        )
        for each in installs
    )


if __name__ == "__main__":
    main()
