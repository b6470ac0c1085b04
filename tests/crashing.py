"""Programs that are killed at moments drawn from a seed, and clients that go on until then."""

import contextlib
import http.client
import os
import pathlib
import random
import subprocess
import threading
import time
from collections.abc import Callable, Sequence

import serving


def chance() -> random.Random:
    """Decided by WEIR_SEED, else by the time of day; a test that fails has printed it."""
    seed = int(os.environ.get("WEIR_SEED", time.time_ns() % 1_000_000))
    print(f"WEIR_SEED={seed}")
    return random.Random(seed)


class Refused(Exception):
    """What a server said that did not do what it was asked for."""


class Caller(threading.Thread):
    """Sends one request after the other, from number `first` on, until it is told to stop or the
    server dies. A request that is refused is an error of whoever waits for its end."""

    content_type = "application/x-ndjson"

    def __init__(self, server: serving.Server, first: int = 0) -> None:
        super().__init__()
        self.server, self.next = server, first
        self.connection = server.connection()
        self.stopped = threading.Event()
        self.acknowledged: list[int] = []
        self.refusal = ""

    def request(self, number: int) -> tuple[str, str]:
        """The path that is posted to, and what."""
        raise NotImplementedError

    def heard(self, said: str) -> None:
        """Looks at an answer of 200."""

    def post(self, number: int) -> None:
        """Sends one request."""
        headers = {
            "Authorization": f"Bearer {self.server.token}",
            "Content-Type": self.content_type,
        }
        self.connection.request("POST", *self.request(number), headers)
        answer = self.connection.getresponse()
        said = answer.read().decode()
        if answer.status != 200:
            raise Refused(said)
        self.heard(said)
        self.acknowledged.append(number)

    def run(self) -> None:
        try:
            with contextlib.suppress(OSError, http.client.HTTPException):
                while not self.stopped.is_set():
                    number = self.next
                    self.next += 1  # also after a failure: what became of it is not known
                    self.post(number)
        except Refused as refused:
            self.refusal = str(refused)

    def join(self, timeout: float | None = None) -> None:
        super().join(timeout)
        assert not self.refusal, self.refusal


@contextlib.contextmanager
def calling(callers: Sequence[Caller]):
    """Callers at work for as long as the block lasts; they stop, and it waits for their end."""
    for caller in callers:
        caller.start()
    try:
        yield
    finally:
        for caller in callers:
            caller.stopped.set()
        for caller in callers:
            caller.join()


def call_until_killed(
    home: pathlib.Path, seconds: float, callers_of: Callable[[serving.Server], list[Caller]]
) -> list[Caller]:
    """Callers of a server that is killed after so long, and what they know by then."""
    server = serving.Server(home)
    callers: list[Caller] = []
    try:
        server.wait_until_ready()
        callers = callers_of(server)
        with calling(callers):
            time.sleep(seconds)
            server.kill()
    finally:
        server.kill()
    return callers


def run_or_kill(home: pathlib.Path, seconds: float, *arguments: str | pathlib.Path) -> bool:
    """Runs a command, and kills it when it takes longer. Whether it came to its end, which must be
    a good one."""
    process = subprocess.Popen(
        [serving.program(), *arguments, "--home", home],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        _, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return False
    assert process.returncode == 0, said
    return True
