"""The commands and their usage."""

import sys

from dev import set_up
from dev.steps import Failure

USAGE = """\
Usage: ./dev COMMAND
  set-up    fetch and link what the build needs (every other command does it first)
"""


def main(arguments: list[str]) -> int:
    if arguments != ["set-up"]:
        print(USAGE, end="")
        return 0 if not arguments else 2
    try:
        set_up.set_up("tests", "checks")
    except Failure as failure:
        print(f"dev: {failure}", file=sys.stderr)
        return 1
    return 0
