"""kill -9 while derivatives are rebuilt: the next run goes on, and ends with the same hashes.

The store of derivatives is removed, and `weir rebuild --all` is killed again and again, at moments
drawn from a seed, until it gets through; WEIR_SEED chooses it, and a failure prints it.
"""

import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import time

import pytest
import serving

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


def weir(home: pathlib.Path, *arguments: str) -> str:
    done = subprocess.run(
        [serving.program(), *arguments, "--home", home],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def content_of(store: pathlib.Path) -> dict[str, str]:
    return {
        str(path.relative_to(store)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in store.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.mark.timeout(600)
def test_a_rebuilding_that_is_killed_goes_on(tmp_path):
    seed = int(os.environ.get("WEIR_SEED", time.time_ns() % 1_000_000))
    print(f"WEIR_SEED={seed}")
    chance = random.Random(seed)
    home, store = tmp_path / "home", tmp_path / "derived"
    home.mkdir()
    (home / "weir.yaml").write_text(f"datasets:\n  derivatives: {store}\n")
    manifest = ROOT
    for i in range(DERIVATIVES):
        manifest += DERIVATIVE % (i, f"sums-{i - 1}" if i else "events")
    (tmp_path / "all.yaml").write_text(manifest)
    weir(home, "apply", "-f", str(tmp_path / "all.yaml"))
    rows = tmp_path / "rows.ndjson"
    for step in range(STEPS):
        rows.write_text(
            "".join(json.dumps({"k": k % 40, "v": k * 0.1 + step}) + "\n" for k in range(100))
        )
        weir(home, "ingest", "events", str(rows))
        weir(home, "pull", "--all")
    before = content_of(store)
    rows_before = weir(home, "sql", "-c", 'SELECT * FROM "sums-5" ORDER BY ALL', "-o", "csv")
    shutil.rmtree(store)
    kills = 0
    while True:
        running = subprocess.Popen(
            [serving.program(), "rebuild", "--all", "--home", home],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            code = running.wait(timeout=chance.uniform(0.2, FIRST_LIFE_S + LONGER_S * kills))
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
            kills += 1
            assert kills < 100, "it never gets through"
            continue
        assert code == 0
        break
    print(f"killed {kills} times")
    assert content_of(store) == before
    assert (
        weir(home, "sql", "-c", 'SELECT * FROM "sums-5" ORDER BY ALL', "-o", "csv") == rows_before
    )
    weir(home, "verify", "sums-5", "--recursive")
