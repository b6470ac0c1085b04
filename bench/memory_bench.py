"""Peak memory of a server while a CSV file of 2 GB is pushed into it with a memory setting of
64 MB, over what it held idle. Method: VmHWM and VmRSS of the process; `weir ingest` sends the file.
"""

import argparse
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

SIZE = 2_000_000_000
MEMORY = "64MB"
BAR_MIB = 256
READY_WITHIN_S = 20.0

MANIFEST = """
name: readings
version: v1
type: dataset
dataset:
  metadata:
    - kind: AddPushSource
      sourceName: default
      read:
        kind: Csv
        ddlSchema: [event_time TIMESTAMP, id BIGINT, city STRING, amount DOUBLE, quantity INT]
      merge: {kind: Append}
"""


def write_csv(path: pathlib.Path) -> int:
    """Rows in event-time order, about 2 GB of them; returns how many."""
    rows = 0
    with path.open("w", buffering=1 << 20) as file:
        while file.tell() < SIZE:
            minute = rows // 100_000
            stamp = f"2026-01-{1 + minute // 1440 % 28:02}T{minute // 60 % 24:02}:{minute % 60:02}"
            file.write(
                "".join(
                    f"{stamp}:00Z,{row},city {row * 7919 % 1000},{row % 9973 / 7:.6f},{row % 97}\n"
                    for row in range(rows, rows + 100_000)
                )
            )
            rows += 100_000
    return rows


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def memory_of(pid: int, field: str) -> float:
    """MiB."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    raise LookupError(field)


def wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(
                    b"GET /readyz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n"
                )
                if connection.recv(4096).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError("the server did not become ready")


def measure(weir: pathlib.Path, directory: pathlib.Path) -> dict:
    csv, home = directory / "big.csv", directory / "home"
    rows = write_csv(csv)
    port = free_port()
    environment = {**os.environ, "WEIR_HOME": str(home), "WEIR_INGEST_MEMORY": MEMORY}
    with (directory / "log").open("wb") as log:
        server = subprocess.Popen(
            [weir, "serve", "--listen", f"127.0.0.1:{port}", "--http-max-body", "4GiB"],
            env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        wait_until_ready(port)
        (directory / "manifest.yaml").write_text(MANIFEST)
        subprocess.run(
            [weir, "apply", "-f", directory / "manifest.yaml", "-o", "name"],
            env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(1)
        idle = memory_of(server.pid, "VmRSS")
        began = time.perf_counter()
        subprocess.run(
            [weir, "ingest", "readings", csv, "-o", "json"],
            env=environment, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        seconds = time.perf_counter() - began
        over = memory_of(server.pid, "VmHWM") - idle
    finally:
        server.terminate()
        server.wait(30)
    return {
        "what": f"peak memory over idle, a CSV file of 2 GB with {MEMORY}",
        "unit": "MiB",
        "weir": round(over, 1),
        "bar": f"<= {BAR_MIB} MiB",
        "met": over <= BAR_MIB,
        "note": f"{rows} rows in {seconds:.0f} s over HTTP; idle {idle:.0f} MiB",
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--weir", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    directory = pathlib.Path(tempfile.mkdtemp(prefix="weir-memory-bench-"))
    try:
        figure = measure(arguments.weir.resolve(), directory)
    finally:
        shutil.rmtree(directory)
    print(f"{figure['what']}: {figure['weir']} MiB ({figure['note']})")
    arguments.out.write_text(json.dumps(figure) + "\n")


if __name__ == "__main__":
    main()
