"""The program under test: its commands, and a `weir serve` of a test's own."""

import contextlib
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator

READY_WITHIN_S = 60.0
STOPPED_WITHIN_S = 60.0
DONE_WITHIN_S = 300.0


def program() -> pathlib.Path:
    """The program under test: what ./dev built, or build/dev/weir."""
    root = pathlib.Path(__file__).resolve().parents[1]
    named = os.environ.get("TEST_PROGRAM", root / "build" / "dev" / "weir")
    return pathlib.Path(named).resolve()


def weir(
    home: pathlib.Path,
    *arguments: str | pathlib.Path,
    code: int = 0,
    text: str = "",
    environment: dict[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess:
    """Runs a command on a home, with `text` as its input; it must end with `code`.

    `before` is called in the process that becomes the command.
    """
    done = subprocess.run(
        [program(), *arguments, "--home", home],
        env=environment, input=text, preexec_fn=before,
        capture_output=True, text=True, timeout=DONE_WITHIN_S, check=False,
    )  # fmt: skip
    asked = " ".join(str(argument) for argument in arguments)
    assert done.returncode == code, f"{asked} ended with {done.returncode}\n{done.stderr}"
    return done


def answer(home: pathlib.Path, *arguments: str | pathlib.Path, **options):
    """What a command that can speak JSON says."""
    return json.loads(weir(home, *arguments, "-o", "json", **options).stdout)


class Server:
    """A server on a home. It says that it is ready as systemd hears it, and where in its log."""

    def __init__(
        self, home: pathlib.Path, *flags: str, environment: dict[str, str] | None = None
    ) -> None:
        self.home = home
        self.log = home.parent / f"{home.name}.log"
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        # An abstract name: paths of tests are too long for socket addresses.
        self.notices.bind(b"\0weir-test-" + os.urandom(8).hex().encode())
        self.notices.settimeout(READY_WITHIN_S)
        name = "@" + self.notices.getsockname()[1:].decode()
        flags = flags or ("--listen", "127.0.0.1:0")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [program(), "serve", "--home", home, *flags],
                env={**(environment or os.environ), "NOTIFY_SOCKET": name},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self) -> None:
        # Whoever dies before it is ready closes nothing of ours, so both are watched.
        self.notices.settimeout(0.1)
        for _ in range(int(READY_WITHIN_S * 10)):
            with contextlib.suppress(TimeoutError):
                if self.notices.recv(4096) == b"READY=1":
                    return
            if self.process.poll() is not None:
                break
        raise AssertionError(f"the server did not become ready\n{self.log.read_text()}")

    @property
    def address(self) -> str:
        """Of the HTTP door, as its log says: http://127.0.0.1:40123."""
        return self.events("ready")[-1]["address"]

    @property
    def token(self) -> str:
        return (self.home / "run" / "token").read_text().strip()

    def connection(self) -> http.client.HTTPConnection:
        host, port = self.address.removeprefix("http://").rsplit(":", 1)
        return http.client.HTTPConnection(host, int(port), timeout=60)

    def events(self, name: str) -> list[dict]:
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line[:1] == "{"]
        return [line for line in lines if line["event"] == name]

    def stop(self) -> int:
        """Asks it to stop and returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.wait_until_ended()

    def wait_until_ended(self) -> int:
        try:
            return self.process.wait(STOPPED_WITHIN_S)
        finally:
            self.kill()

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.notices.close()


@contextlib.contextmanager
def serving(
    home: pathlib.Path, *flags: str, environment: dict[str, str] | None = None
) -> Iterator[Server]:
    """A server that is ready, and that must end well."""
    server = Server(home, *flags, environment=environment)
    try:
        server.wait_until_ready()
        yield server
        status = server.stop()
        assert status == 0, f"the server ended with {status}\n{server.log.read_text()}"
    finally:
        server.kill()
