"""kill -9 at any moment loses nothing acknowledged and leaves nothing half there.

Several clients apply manifests while the server is killed again and again, at moments drawn from a
seed; WEIR_SEED chooses it, and a failure prints it.
"""

import json
import os
import pathlib
import time

import crashing
import serving

CLIENTS = 4
BATCH = 3
LOOP_S = float(os.environ.get("WEIR_CRASH_LOOP_S", "12"))
LONGEST_LIFE_S = 0.4


class Applier(crashing.Caller):
    """Applies batches of workspaces, each with the number of the batch."""

    content_type = "application/json"

    def __init__(self, server: serving.Server, client: int, first: int) -> None:
        super().__init__(server, first)
        self.client = client

    def request(self, number: int) -> tuple[str, str]:
        text = "---\n".join(
            f"name: {name}\nversion: v1\ntype: workspace\ndescription: batch {number}\n"
            "workspace: {}\n"
            for name in names_of(self.client)
        )
        return "/api/apply", json.dumps({"documents": [{"source": "loop.yaml", "text": text}]})


def names_of(client: int) -> list[str]:
    return [f"client-{client}-{part}" for part in range(BATCH)]


def batches_in(home: pathlib.Path) -> dict[str, int]:
    """Which batch each workspace is of, asked of the home itself: nobody serves it now."""
    return {
        item["name"]: int(item["description"].removeprefix("batch "))
        for item in serving.answer(home, "get", "workspaces")
        if item["name"].startswith("client-")
    }


def test_nothing_acknowledged_is_lost_and_nothing_is_half_there(tmp_path):
    chance = crashing.chance()
    home = tmp_path / "home"
    acknowledged = dict.fromkeys(range(CLIENTS), 0)
    tried = dict.fromkeys(range(CLIENTS), 0)
    deadline = time.monotonic() + LOOP_S
    rounds = 0
    while time.monotonic() < deadline or rounds < 3:
        appliers = crashing.call_until_killed(
            home,
            chance.uniform(0, LONGEST_LIFE_S),
            lambda server: [Applier(server, client, tried[client] + 1) for client in tried],
        )
        for applier in appliers:
            acknowledged[applier.client] = max(
                [acknowledged[applier.client], *applier.acknowledged]
            )
            tried[applier.client] = applier.next - 1
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
