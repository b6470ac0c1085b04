"""kill -9 while derivatives are rebuilt: the next run goes on, and ends with the same hashes.

The store of derivatives is removed, and `weir rebuild --all` is killed again and again, at moments
drawn from a seed, until it gets through; WEIR_SEED chooses it, and a failure prints it.
"""

import hashlib
import json
import pathlib
import shutil

import crashing
import pytest
from serving import weir

STEPS = 6
DERIVATIVES = 6
FIRST_LIFE_S = 1.0  # at most; each is a little longer than the one before
LONGER_S = 0.4

ROOT = """
name: events
version: v1
type: dataset
dataset:
  metadata:
    - kind: AddPushSource
      sourceName: default
      read: {kind: NdJson, ddlSchema: [k BIGINT, v DOUBLE]}
      merge: {kind: Append}
"""

DERIVATIVE = """
---
name: sums-%d
version: v1
type: dataset
dataset:
  kind: Derivative
  metadata:
    - kind: SetTransform
      inputs: [{datasetRef: %s, alias: i}]
      transform:
        kind: Sql
        engine: duckdb
        query: SELECT k, sum(v) AS v FROM i GROUP BY k
"""


def content_of(store: pathlib.Path) -> dict[str, str]:
    return {
        str(path.relative_to(store)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in store.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def rows_of(home: pathlib.Path) -> str:
    return weir(home, "sql", "-c", 'SELECT * FROM "sums-5" ORDER BY ALL', "-o", "csv").stdout


@pytest.mark.timeout(600)
def test_a_rebuilding_that_is_killed_goes_on(tmp_path):
    chance = crashing.chance()
    home, store = tmp_path / "home", tmp_path / "derived"
    home.mkdir()
    (home / "weir.yaml").write_text(f"datasets:\n  derivatives: {store}\n")
    manifest = ROOT
    for i in range(DERIVATIVES):
        manifest += DERIVATIVE % (i, f"sums-{i - 1}" if i else "events")
    (tmp_path / "all.yaml").write_text(manifest)
    weir(home, "apply", "-f", tmp_path / "all.yaml")
    rows = tmp_path / "rows.ndjson"
    for step in range(STEPS):
        rows.write_text(
            "".join(json.dumps({"k": k % 40, "v": k * 0.1 + step}) + "\n" for k in range(100))
        )
        weir(home, "ingest", "events", rows)
        weir(home, "pull", "--all")
    before = content_of(store)
    rows_before = rows_of(home)
    shutil.rmtree(store)
    kills = 0
    while not crashing.run_or_kill(
        home, chance.uniform(0.2, FIRST_LIFE_S + LONGER_S * kills), "rebuild", "--all"
    ):
        kills += 1
        assert kills < 100, "it never gets through"
    print(f"killed {kills} times")
    assert content_of(store) == before
    assert rows_of(home) == rows_before
    weir(home, "verify", "sums-5", "--recursive")
