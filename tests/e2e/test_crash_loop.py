"""kill -9 at any moment loses nothing acknowledged and leaves nothing half there.

Several clients apply manifests while the server is killed again and again, at moments drawn from a
seed; WEIR_SEED chooses it, and a failure prints it.
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

import serving

CLIENTS = 4
BATCH = 3
LOOP_S = float(os.environ.get("WEIR_CRASH_LOOP_S", "12"))
LONGEST_LIFE_S = 0.4


class Applier(threading.Thread):
    """Applies batches of workspaces, each with the number of the batch, until the server dies."""

    def __init__(self, client: int, first: int, address: str, token: str) -> None:
        super().__init__()
        self.client, self.next, self.address, self.token = client, first, address, token
        self.acknowledged = 0

    def run(self) -> None:
        host, port = self.address.removeprefix("http://").rsplit(":", 1)
        connection = http.client.HTTPConnection(host, int(port), timeout=20)
        with contextlib.suppress(OSError, http.client.HTTPException):
            while True:
                status = self.apply(connection)
                assert status == 200, status
                self.acknowledged = self.next
                self.next += 1

    def apply(self, connection: http.client.HTTPConnection) -> int:
        text = "---\n".join(
            f"name: {name}\nversion: v1\ntype: workspace\ndescription: batch {self.next}\n"
            "workspace: {}\n"
            for name in names_of(self.client)
        )
        connection.request(
            "POST",
            "/api/apply",
            json.dumps({"documents": [{"source": "loop.yaml", "text": text}]}),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        answer = connection.getresponse()
        answer.read()
        return answer.status


def names_of(client: int) -> list[str]:
    return [f"client-{client}-{part}" for part in range(BATCH)]


def batches_in(home: pathlib.Path) -> dict[str, int]:
    """Which batch each workspace is of, asked of the home itself: nobody serves it now."""
    listed = subprocess.run(
        [serving.program(), "get", "workspaces", "-o", "json", "--home", home],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    found = {}
    for item in json.loads(listed.stdout):
        if item["name"].startswith("client-"):
            found[item["name"]] = int(item["description"].removeprefix("batch "))
    return found


def test_nothing_acknowledged_is_lost_and_nothing_is_half_there(tmp_path):
    seed = int(os.environ.get("WEIR_SEED", time.time_ns() % 1_000_000))
    print(f"WEIR_SEED={seed}")
    chance = random.Random(seed)
    home = tmp_path / "home"
    acknowledged = dict.fromkeys(range(CLIENTS), 0)
    tried = dict.fromkeys(range(CLIENTS), 0)
    deadline = time.monotonic() + LOOP_S
    rounds = 0
    while time.monotonic() < deadline or rounds < 3:
        server = serving.Server(home)
        try:
            server.wait_until_ready()
            appliers = [
                Applier(client, tried[client] + 1, server.address, server.token)
                for client in range(CLIENTS)
            ]
            for applier in appliers:
                applier.start()
            time.sleep(chance.uniform(0, LONGEST_LIFE_S))
        finally:
            server.kill()
        for applier in appliers:
            applier.join()
            acknowledged[applier.client] = max(acknowledged[applier.client], applier.acknowledged)
            tried[applier.client] = applier.next
        check(batches_in(home), acknowledged, tried)
        rounds += 1
    assert sum(acknowledged.values()) > 0, "nothing was ever acknowledged"


def check(found: dict[str, int], acknowledged: dict[int, int], tried: dict[int, int]) -> None:
    for client in acknowledged:
        batches = {found.get(name, 0) for name in names_of(client)}
        assert len(batches) == 1, f"client {client}: a batch is half there: {batches}"
        batch = batches.pop()
        assert acknowledged[client] <= batch <= tried[client], (
            f"client {client}: batch {acknowledged[client]} was acknowledged, "
            f"{tried[client]} tried, and {batch} is there"
        )
