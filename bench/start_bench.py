"""From exec to the first answer, and what an idle server holds: weir on an empty home beside
PostgreSQL 15 on an empty cluster."""

import argparse
import contextlib
import json
import os
import pathlib
import pwd
import shutil
import socket
import statistics
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator

RUNS = 7
IDLE_S = 1.0
READY_WITHIN_S = 20.0
POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def weir_answers(port: int) -> bool:
    """Whether /readyz says that it is ready."""
    with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
        return connection.recv(4096).startswith(b"HTTP/1.1 200")


def postgres_answers(port: int) -> bool:
    """Whether a connection gets as far as ReadyForQuery."""
    with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        words = b"user\0postgres\0database\0postgres\0\0"
        connection.sendall(struct.pack("!ii", 8 + len(words), 196608) + words)
        got = b""
        while b"Z\0\0\0\x05" not in got:
            piece = connection.recv(4096)
            if not piece or got.startswith(b"E"):
                return False
            got += piece
        return True


@contextlib.contextmanager
def started(
    command: list, port: int, answers: Callable[[int], bool], user: str | None = None
) -> Iterator[tuple]:
    """Starts a server; gives it with the milliseconds that it took to answer."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user
    )
    try:
        while True:
            with contextlib.suppress(OSError):
                if answers(port):
                    break
            if process.poll() is not None or time.perf_counter() - began > READY_WITHIN_S:
                raise SystemExit(f"{command[0]} did not start")
            time.sleep(0.0005)
        yield process, (time.perf_counter() - began) * 1000
    finally:
        process.terminate()
        process.wait()


def resident_mb(process: int) -> float:
    """What a process and its children hold; memory that they share is counted once."""
    total = 0.0
    for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            total += int(line.split()[1]) / 1024
    children = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return total + sum(resident_mb(int(child)) for child in children)


def rss_mb(process: int) -> float:
    """What the kernel calls resident, libraries shared with other programs included."""
    for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def measure_weir(program: pathlib.Path) -> tuple[float, float]:
    times, sizes = [], []
    for run in range(RUNS + 1):
        with tempfile.TemporaryDirectory() as directory:
            port = free_port()
            command = [program, "serve", "--home", f"{directory}/home"]
            command += ["--listen", f"127.0.0.1:{port}"]
            with started(command, port, weir_answers) as (process, took):
                time.sleep(IDLE_S)
                if run > 0:  # the first warms the disk cache
                    times.append(took)
                    sizes.append(rss_mb(process.pid))
    return statistics.median(times), statistics.median(sizes)


def measure_postgres() -> tuple[float, float]:
    user = "postgres" if os.geteuid() == 0 else None
    directory = pathlib.Path(tempfile.mkdtemp(dir="/tmp"))  # where that user may go
    try:
        if user:
            os.chown(directory, pwd.getpwnam(user).pw_uid, -1)
        cluster = directory / "cluster"
        make = [POSTGRES / "initdb", "-D", cluster, "-U", "postgres", "-A", "trust"]
        subprocess.run(make, check=True, capture_output=True, user=user, cwd=directory)
        times, sizes = [], []
        for run in range(RUNS + 1):
            port = free_port()
            command = [POSTGRES / "postgres", "-D", cluster, "-k", directory, "-p", str(port)]
            with started(command, port, postgres_answers, user) as (process, took):
                time.sleep(IDLE_S)
                if run > 0:
                    times.append(took)
                    sizes.append(resident_mb(process.pid))
        return statistics.median(times), statistics.median(sizes)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def row(what: str, unit: str, weir: float, peer: float, most: float) -> dict:
    return {
        "what": what,
        "unit": unit,
        "weir": round(weir, 1),
        "peer": round(peer, 1),
        "peer_name": "PostgreSQL 15 on an empty cluster",
        "ratio": round(peer / weir, 2),
        "bar": f"<= {most:g} {unit}",
        "met": weir <= most,
        "note": "",
    }


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    arguments.add_argument("--weir", type=pathlib.Path, required=True)
    given = arguments.parse_args()
    weir_ms, weir_mb = measure_weir(given.weir)
    peer_ms, peer_mb = measure_postgres()
    rows = [
        row("serve on an empty home: exec to first answer on /readyz", "ms", weir_ms, peer_ms, 100),
        row("idle server, resident", "MB", weir_mb, peer_mb, 60),
    ]
    for line in rows:
        print(f"{line['what']}: {line['weir']} {line['unit']}, {line['peer_name']} {line['peer']}")
    given.out.write_text("".join(json.dumps(line) + "\n" for line in rows))


if __name__ == "__main__":
    main()
