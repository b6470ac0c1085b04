"""The commands: what they are called, what they take, and what they need from Debian."""

import dataclasses
import sys
from collections.abc import Callable

from dev import bench, build, checks, clean, fuzz, package, set_up, suites, up
from dev.steps import Failure


@dataclasses.dataclass(frozen=True)
class Command:
    arguments: str
    most: int  # how many arguments it takes at most
    about: str
    roles: tuple[str, ...]  # Debian packages beyond those every build needs, see parts.toml
    run: Callable[..., None]


COMMANDS = {
    "up": Command("", 0, "build it, start it, fill it with examples", (), up.up),
    "down": Command("", 0, "stop what `./dev up` started", (), up.down),
    "test": Command(
        "[suite]", 1, "build and run every test, or one suite", ("tests", "checks"), suites.test
    ),
    "build": Command("[preset]", 1, "build `release`, `dev`, `tsan` or `fuzz`", (), build.build),
    "fmt": Command("", 0, "format C++ and Python", ("checks",), checks.fmt),
    "lint": Command("", 0, "clang-tidy, include layering, shell, Python", ("checks",), checks.lint),
    "bench": Command("[name]", 1, "measure, and write bench/results/", ("tests",), bench.bench),
    "fuzz": Command("[name] [seconds]", 2, "feed the parsers", ("checks",), fuzz.fuzz),
    "package": Command(
        "[--test]", 1, "make the tar.gz and the .deb", ("packaging",), package.package
    ),
    "clean": Command("", 0, "remove build/ and .deps/ (never .weir/)", (), clean.clean),
}
NEEDS_NOTHING = {"down", "clean"}


def usage() -> str:
    lines = ["Usage: ./dev COMMAND", ""]
    for name, command in COMMANDS.items():
        lines.append(f"  {(name + ' ' + command.arguments):<24}{command.about}")
    lines += [
        "",
        "Each command installs and fetches what it lacks first; tools/dev/parts.toml says",
    ]
    lines += ["what that is. New here? ./dev up"]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        print(usage(), end="")
        return 0
    name, *rest = arguments
    command = COMMANDS.get(name)
    if command is None or len(rest) > command.most:
        print(usage(), end="", file=sys.stderr)
        return 2
    try:
        if name not in NEEDS_NOTHING:
            set_up.set_up(*command.roles)
        command.run(*rest)
    except Failure as failure:
        print(f"dev: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
