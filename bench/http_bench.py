"""Small GETs with 32 connections: `weir serve` beside a bare Beast server of 30 lines.

Both kinds of route are measured: one answered on the I/O thread (/healthz) and one that a worker
answers for a caller with a credential (/api/log-level). The servers run one at a time and take
turns, so that what else the machine does falls on both alike.
"""

import argparse
import contextlib
import json
import pathlib
import re
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator

ROUNDS = 5
SECONDS = 3
CONNECTIONS = 32
BAR = 0.6


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int) -> None:
    for _ in range(2_000):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    raise SystemExit(f"nobody listens on port {port}")


def requests_per_second(port: int, path: str, header: str = "") -> float:
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s"]
    command += ["-H", header] if header else []
    command.append(f"http://127.0.0.1:{port}{path}")
    report = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in report:
        raise SystemExit(f"{path} was not answered with 200:\n{report}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", report).group(1))


@contextlib.contextmanager
def running(command: list, log: pathlib.Path) -> Iterator[subprocess.Popen]:
    with log.open("w") as lines:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=lines, text=True)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


def build_peer(folder: pathlib.Path) -> pathlib.Path:
    subprocess.run(["cmake", "--build", folder, "--target", "bench_bare_beast"], check=True)
    return folder / "bench" / "bench_bare_beast"


def measure_peer(program: pathlib.Path, folder: pathlib.Path) -> float:
    with running([program], folder / "peer.log") as process:
        return requests_per_second(int(process.stdout.readline()), "/")


def measure_weir(program: pathlib.Path, folder: pathlib.Path) -> tuple[float, float]:
    port = free_port()
    home = folder / "home"
    command = [program, "serve", "--home", home, "--listen", f"127.0.0.1:{port}"]
    with running(command, folder / "weir.log"):
        wait_for(port)
        token = (home / "run" / "token").read_text().strip()
        cheap = requests_per_second(port, "/healthz")
        pooled = requests_per_second(port, "/api/log-level", f"Authorization: Bearer {token}")
    return cheap, pooled


def row(what: str, weir: list[float], peer: list[float], note: str) -> dict:
    # Each round's own ratio: the machine is the same within a round, not across them.
    ratio = statistics.median(a / b for a, b in zip(weir, peer, strict=True))
    return {
        "what": what,
        "unit": "requests/s",
        "weir": round(statistics.median(weir)),
        "peer": round(statistics.median(peer)),
        "peer_name": "bare Beast",
        "ratio": round(ratio, 2),
        "bar": f">= {BAR} x",
        "met": ratio >= BAR,
        "note": note,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--weir", type=pathlib.Path, required=True)
    options = parser.parse_args()
    peer_program = build_peer(options.weir.resolve().parent)
    peer, cheap, pooled = [], [], []
    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        for round_number in range(ROUNDS + 1):
            measured = (
                measure_peer(peer_program, folder),
                *measure_weir(options.weir, folder),
            )
            if round_number > 0:  # the first warms up
                for values, value in zip((peer, cheap, pooled), measured, strict=True):
                    values.append(value)
    rows = [
        row(
            "small GET, 32 connections, on the I/O thread",
            cheap,
            peer,
            "router, request id, security headers and metrics included",
        ),
        row(
            "small GET, 32 connections, on a worker",
            pooled,
            peer,
            "credential checked, a log line for each request",
        ),
    ]
    with options.out.open("w") as out:
        for each in rows:
            print(json.dumps(each), file=out)
            print(json.dumps(each))


if __name__ == "__main__":
    main()
