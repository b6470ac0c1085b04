"""kill -9 while rows come in: none that was acknowledged is lost, none is there twice.

Several clients push batches of rows into one dataset while the server is killed again and again, at
moments drawn from a seed; WEIR_SEED chooses it, and a failure prints it. WEIR_KILLS says how often.
"""

import json
import os
import pathlib

import crashing
import pytest
import serving
from serving import answer, weir

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


class Pusher(crashing.Caller):
    """Pushes batches, each with a number of its own."""

    def __init__(self, server: serving.Server, client: int, first: int) -> None:
        super().__init__(server, first)
        self.client = client

    def request(self, number: int) -> tuple[str, str]:
        rows = [{"client": self.client, "batch": number, "row": row} for row in range(BATCH)]
        return "/api/public/events/ingest", "".join(json.dumps(row) + "\n" for row in rows)


def batches_in(home: pathlib.Path) -> dict[tuple[int, int], int]:
    """How many rows there are of each batch."""
    sql = (
        "SELECT client, batch, count(*) AS n, count(DISTINCT row) AS rows FROM events GROUP BY ALL"
    )
    found = {}
    for group in answer(home, "sql", "-c", sql):
        assert group["n"] == group["rows"], group
        found[group["client"], group["batch"]] = group["n"]
    return found


@pytest.mark.timeout(120 + 3 * KILLS)
def test_no_row_is_lost_and_none_is_doubled(tmp_path):
    chance = crashing.chance()
    home = tmp_path / "home"
    manifest = tmp_path / "events.yaml"
    manifest.write_text(MANIFEST)
    weir(home, "apply", "-f", manifest)
    first = [0] * CLIENTS
    acknowledged: set[tuple[int, int]] = set()
    for _ in range(KILLS):
        pushers = crashing.call_until_killed(
            home,
            chance.uniform(0, LONGEST_LIFE_S),
            lambda server: [Pusher(server, client, first[client]) for client in range(CLIENTS)],
        )
        for pusher in pushers:
            first[pusher.client] = pusher.next
            acknowledged |= {(pusher.client, batch) for batch in pusher.acknowledged}
    found = batches_in(home)
    assert acknowledged, "no server lived long enough to take a batch"
    assert acknowledged <= set(found), "rows that were acknowledged are lost"
    assert set(found.values()) == {BATCH}, "a batch is there in part, or twice"
    weir(home, "verify", "events")
