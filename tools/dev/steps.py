"""Steps: every command is a row of them, and each prints what it was and how long it took."""

import contextlib
import os
import pathlib
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Failure(Exception):
    """Something the person at the keyboard must know; printed as one line, without a traceback."""


@contextlib.contextmanager
def step(what: str, quiet_below_s: float = 0.0):
    """Times what happens inside and prints it; a step shorter than `quiet_below_s` stays silent."""
    started = time.monotonic()
    yield
    seconds = time.monotonic() - started
    if seconds >= quiet_below_s:
        print(f"[{seconds:6.1f} s] {what}", flush=True)


def say(text: str) -> None:
    print(text, flush=True)


def run(*command, cwd=ROOT, env=None, log: pathlib.Path | None = None) -> None:
    """Runs a command that must succeed; its output is shown, or kept in `log` until it fails."""
    words = [str(word) for word in command]
    environment = {**os.environ, **(env or {})}
    if log is None:
        status = subprocess.run(words, cwd=cwd, env=environment, check=False).returncode
    else:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as out:
            status = subprocess.run(
                words, cwd=cwd, env=environment, check=False, stdout=out, stderr=out
            ).returncode
        if status != 0:
            sys.stderr.write(tail(log, 60))
    if status != 0:
        raise Failure(f"`{shlex.join(words)}` ended with status {status}")


def output_of(*command, cwd=ROOT) -> str:
    """The output of a command that must succeed; its error output becomes the failure's text."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise Failure(f"`{shlex.join(words)}` ended with status {done.returncode}\n{said[-2000:]}")
    return done.stdout


def tail(log: pathlib.Path, lines: int) -> str:
    return "".join(log.read_text(errors="replace").splitlines(keepends=True)[-lines:])
