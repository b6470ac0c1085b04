"""Up and down: a release server on the home .weir/, filled with examples/hello and flights.

The data of examples/flights lies beside the home in data/, as files that came in would: the server
may read that folder and no other. A new home begins with the first files; the tour that is printed
(tour.txt) lets the others come.

Both can be repeated. A port in use moves to the next free one only here; `weir serve` itself never
looks for another.
"""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

from dev import build
from dev.steps import ROOT, Failure, run, say, step, tail

HOME = pathlib.Path(os.environ.get("WEIR_HOME") or ROOT / ".weir").absolute()
DATA = HOME.parent / "data"
ARRIVALS = ROOT / ".deps" / "flights"
TOUR = ROOT / "tools" / "dev" / "tour.txt"
FIRST_PORT = 8080
PORTS_TRIED = 50
READY_WITHIN_S = 30.0
STOPPED_WITHIN_S = 30.0
BUSY = 8  # the exit code of `weir serve` when its port has a holder


def up() -> None:
    build.build("release", "weir")
    bring_data(is_new_home=not HOME.exists())
    HOME.mkdir(exist_ok=True)
    if running() is None:
        address = start(FIRST_PORT)
    elif noted()[2] != version_of_program():
        say("The program was rebuilt, so the server starts anew.")
        down()
        address = start(int(noted()[1].rsplit(":", 1)[1]))
    else:
        address = noted()[1]
    with step("apply examples/hello"):
        weir("apply", "-R", "-f", ROOT / "examples" / "hello")
    with step("apply and pull examples/flights"):
        weir("apply", "-R", "-f", ROOT / "examples" / "flights")
        weir("pull", *flights_datasets())
    say(greeting(address))


def down() -> None:
    process = running()
    if process is None:
        say("Nothing of this checkout is running.")
        return
    os.kill(process, signal.SIGTERM)
    deadline = time.monotonic() + STOPPED_WITHIN_S
    while running() is not None:
        if time.monotonic() > deadline:
            raise Failure(f"the server (pid {process}) has not stopped within {STOPPED_WITHIN_S} s")
        time.sleep(0.05)
    say("Stopped. Its home is kept; `./dev up` starts it again.")


def bring_data(is_new_home: bool) -> None:
    """The first files of examples/flights; what is there already stays, unless the home is new."""
    DATA.mkdir(parents=True, exist_ok=True)
    first, later = (list((ARRIVALS / batch).iterdir()) for batch in ("first", "later"))
    if is_new_home:
        for file in (*first, *later):
            (DATA / file.name).unlink(missing_ok=True)
    for file in first:
        if not (DATA / file.name).exists():
            shutil.copy2(file, DATA / file.name)


def flights_datasets() -> list[str]:
    """Their names, which are those of the files: 05-flights.yaml."""
    files = sorted((ROOT / "examples" / "flights").glob("*.yaml"))
    return [file.stem.split("-", 1)[1] for file in files]


def start(first: int) -> str:
    """Starts the server on the first free port; one taken in between is passed by as well."""
    for port in range(first, first + PORTS_TRIED):
        if is_free(port) and (process := serve(f"127.0.0.1:{port}")):
            if port != first:
                say(f"Port {first} is in use, so this one takes {port}.")
            note_file().write_text(f"{process.pid} 127.0.0.1:{port} {version_of_program()}\n")
            return f"127.0.0.1:{port}"
    raise Failure(f"no free port from {first} to {first + PORTS_TRIED - 1}")


def serve(address: str) -> subprocess.Popen | None:
    """The server once it is ready, or None when another process took its port first. It says so
    itself: whoever answers at the address may be that other process."""
    log = HOME / "serve.log"
    name = f"weir-up-{os.getpid()}-{address}"
    with (
        step("start the server"),
        log.open("wb") as out,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices,
    ):
        notices.bind("\0" + name)
        notices.settimeout(0.02)
        process = subprocess.Popen(
            [
                *(build.program("release"), "serve", "--home", HOME, "--listen", address),
                *("--sources-paths", DATA),
            ],
            cwd=HOME.parent,
            env={**os.environ, "NOTIFY_SOCKET": "@" + name},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        deadline = time.monotonic() + READY_WITHIN_S
        while not is_ready(notices):
            if process.poll() is not None:
                if process.returncode == BUSY and not is_free(int(address.split(":")[1])):
                    return None
                raise Failure(f"the server ended with status {process.returncode}\n{tail(log, 20)}")
            if time.monotonic() > deadline:
                process.terminate()
                raise Failure(f"the server was not ready in {READY_WITHIN_S} s\n{tail(log, 20)}")
    return process


def note_file() -> pathlib.Path:
    """Who we started, where it listens, and which build of the program it is."""
    return HOME / "dev-up"


def noted() -> list[str]:
    return note_file().read_text().split()


def version_of_program() -> str:
    return str(build.program("release").stat().st_mtime_ns)


def running() -> int | None:
    """The process we started, if it still is one and still is ours."""
    with contextlib.suppress(OSError, ValueError):
        process = int(noted()[0])
        command = pathlib.Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        if os.fsencode(HOME) in command and b"serve" in command:
            return process
    return None


def is_ready(notices: socket.socket) -> bool:
    """Whether the server has said so; waits a moment for it."""
    with contextlib.suppress(TimeoutError):
        return notices.recv(4096) == b"READY=1"
    return False


def is_free(port: int) -> bool:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            attempt.bind(("127.0.0.1", port))
            return True
    return False


def weir(*arguments) -> None:
    # Manifests say ${PWD}/data; a child's PWD is whatever it inherits.
    place = {"cwd": HOME.parent, "env": {"PWD": str(HOME.parent)}}
    run(build.program("release"), *arguments, "--home", HOME, **place)


def greeting(address: str) -> str:
    home = HOME.relative_to(ROOT) if HOME.is_relative_to(ROOT) else HOME
    return f"""
Weir is running.
  page      http://{address}/
  API       http://{address}/api/openapi.json
  sign-in   the bearer token in {home}/run/token
  home      {home} (delete it and data/ beside it, and nothing is left)
  stop      ./dev down

A tour of real data; every line can be copied as it is:

{TOUR.read_text()}"""
