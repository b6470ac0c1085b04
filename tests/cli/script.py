"""CLI scripts: what is typed and what comes back, as README.md says."""

import dataclasses
import pathlib
import re
import subprocess

FILE_MARK = re.compile(r"^-- (\S+) --$")
COMMAND_LIMIT_S = 60


@dataclasses.dataclass
class Command:
    """One command with what it must print and how it must end."""

    line: int
    text: str
    out: list[str] = dataclasses.field(default_factory=list)
    err: list[str] = dataclasses.field(default_factory=list)
    code: int = 0


@dataclasses.dataclass
class Script:
    commands: list[Command]
    files: dict[str, str]
    only: str | None = None


def parse(text: str) -> Script:
    """Reads a script; a line that belongs nowhere is an error of its author."""
    script = Script([], {})
    file: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if mark := FILE_MARK.match(line):
            file = mark.group(1)
            script.files[file] = ""
        elif file is not None:
            script.files[file] += line + "\n"
        elif line.startswith("only: "):
            script.only = line.removeprefix("only: ")
        elif not line or line.startswith("#"):
            continue
        elif line.startswith("$ "):
            script.commands.append(Command(number, line.removeprefix("$ ")))
        else:
            expect(script, number, line)
    return script


def expect(script: Script, number: int, line: str) -> None:
    if not script.commands:
        raise SyntaxError(f"line {number}: nothing was typed yet")
    command = script.commands[-1]
    if line.startswith("> "):
        command.text += "\n" + line.removeprefix("> ")
    elif line.startswith("2> "):
        command.err.append(line.removeprefix("2> "))
    elif line.startswith("? "):
        command.code = int(line.removeprefix("? "))
    else:
        command.out.append(line.removeprefix("1> "))


def pattern(line: str) -> re.Pattern:
    """A line of expectation: `~ REGEX`, or text in which [..] stands for anything."""
    if line.startswith("~ "):
        return re.compile(line.removeprefix("~ "))
    return re.compile(".*".join(re.escape(part) for part in line.split("[..]")))


def matches(expected: list[str], got: list[str]) -> bool:
    """Whether the lines are as expected; `...` stands for any number of lines."""
    if not expected:
        return not got
    if expected[0] == "...":
        return any(matches(expected[1:], got[skip:]) for skip in range(len(got) + 1))
    if not got or not pattern(expected[0]).fullmatch(got[0]):
        return False
    return matches(expected[1:], got[1:])


def run(command: Command, directory: pathlib.Path, environment: dict[str, str]) -> str | None:
    """Types one command; says what is not as expected."""
    done = subprocess.run(
        ["bash", "-c", command.text],
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=COMMAND_LIMIT_S,
    )
    out, err = lines_of(done.stdout, directory), lines_of(done.stderr, directory)
    wrong = []
    if done.returncode != command.code:
        wrong.append(f"exit code {done.returncode}, not {command.code}")
    if not matches(command.out, out):
        wrong.append("stdout differs")
    if not matches(command.err, err):
        wrong.append("stderr differs")
    if not wrong:
        return None
    seen = [*out, *(f"2> {line}" for line in err), f"? {done.returncode}"]
    return f"line {command.line}: $ {command.text}\n{', '.join(wrong)}; it printed\n" + "\n".join(
        seen
    )


def lines_of(text: str, directory: pathlib.Path) -> list[str]:
    return [line for line in text.replace(str(directory), "$DIR").splitlines() if line]
