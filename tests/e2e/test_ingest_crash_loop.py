"""kill -9 while rows come in: none that was acknowledged is lost, none is there twice.

Several clients push batches of rows into one dataset while the server is killed again and again, at
moments drawn from a seed; WEIR_SEED chooses it, and a failure prints it. WEIR_KILLS says how often.
"""

import contextlib
import http.client
import json
import os
import pathlib
import random
import subprocess
import threading
import time

import pytest
import serving

CLIENTS = 3
BATCH = 20
KILLS = int(os.environ.get("WEIR_KILLS", "50"))
LONGEST_LIFE_S = 0.5

MANIFEST = """
name: events
version: v1
type: dataset
dataset:
  metadata:
    - kind: AddPushSource
      sourceName: default
      read: {kind: NdJson, ddlSchema: [client BIGINT, batch BIGINT, row BIGINT]}
      merge: {kind: Append}
"""


class Pusher(threading.Thread):
    """Pushes batches, each with a number of its own, until the server dies."""

    def __init__(self, client: int, first: int, address: str, token: str) -> None:
        super().__init__()
        self.client, self.next, self.address, self.token = client, first, address, token
        self.acknowledged: list[int] = []

    def run(self) -> None:
        host, port = self.address.removeprefix("http://").rsplit(":", 1)
        connection = http.client.HTTPConnection(host, int(port), timeout=20)
        with contextlib.suppress(OSError, http.client.HTTPException):
            while True:
                batch = self.next
                self.next += 1  # also after a failure: what became of it is not known
                assert self.push(connection, batch) == 200
                self.acknowledged.append(batch)

    def push(self, connection: http.client.HTTPConnection, batch: int) -> int:
        rows = "".join(
            json.dumps({"client": self.client, "batch": batch, "row": row}) + "\n"
            for row in range(BATCH)
        )
        connection.request(
            "POST",
            "/api/public/events/ingest",
            rows,
            {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {self.token}"},
        )
        answer = connection.getresponse()
        answer.read()
        return answer.status


def weir(home: pathlib.Path, *arguments: str) -> str:
    done = subprocess.run(
        [serving.program(), *arguments, "--home", home],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def batches_in(home: pathlib.Path) -> dict[tuple[int, int], int]:
    """How many rows there are of each batch."""
    sql = (
        "SELECT client, batch, count(*) AS n, count(DISTINCT row) AS rows FROM events GROUP BY ALL"
    )
    found = {}
    for group in json.loads(weir(home, "sql", "-c", sql, "-o", "json")):
        assert group["n"] == group["rows"], group
        found[group["client"], group["batch"]] = group["n"]
    return found


@pytest.mark.timeout(120 + 3 * KILLS)
def test_no_row_is_lost_and_none_is_doubled(tmp_path):
    seed = int(os.environ.get("WEIR_SEED", time.time_ns() % 1_000_000))
    print(f"WEIR_SEED={seed}")
    chance = random.Random(seed)
    home = tmp_path / "home"
    manifest = tmp_path / "events.yaml"
    manifest.write_text(MANIFEST)
    weir(home, "apply", "-f", str(manifest))
    first = [0] * CLIENTS
    acknowledged: set[tuple[int, int]] = set()
    for _ in range(KILLS):
        server = serving.Server(home)
        try:
            server.wait_until_ready()
            pushers = [
                Pusher(client, first[client], server.address, server.token)
                for client in range(CLIENTS)
            ]
            for pusher in pushers:
                pusher.start()
            time.sleep(chance.uniform(0, LONGEST_LIFE_S))
        finally:
            server.kill()
        for pusher in pushers:
            pusher.join()
            first[pusher.client] = pusher.next
            acknowledged |= {(pusher.client, batch) for batch in pusher.acknowledged}
    found = batches_in(home)
    assert acknowledged, "no server lived long enough to take a batch"
    assert acknowledged <= set(found), "rows that were acknowledged are lost"
    assert set(found.values()) == {BATCH}, "a batch is there in part, or twice"
    weir(home, "verify", "events")
