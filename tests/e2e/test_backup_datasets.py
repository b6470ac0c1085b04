"""Backups while rows come in and derivatives follow, and kill -9 in the middle of them.

Each backup is of one moment: what is restored of it verifies, recursively, so that no derivative
names a block that its input lacks. WEIR_SEED chooses the moments, and a failure prints it.
"""

import contextlib
import functools
import itertools
import json
import os
import pathlib
import shutil
import time

import boto3
import crashing
import moto.server
import pytest
import serving

BACKUPS = 4
KILLS = int(os.environ.get("WEIR_BACKUP_KILLS", "12"))

S3_KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}

MANIFESTS = """
name: events
version: v1
type: dataset
dataset:
  metadata:
    - kind: AddPushSource
      sourceName: default
      read: {kind: NdJson, ddlSchema: [client BIGINT, batch BIGINT]}
      merge: {kind: Append}
---
name: per-client
version: v1
type: dataset
dataset:
  kind: Derivative
  metadata:
    - kind: SetTransform
      inputs: [{datasetRef: events, alias: e}]
      transform:
        kind: Sql
        engine: duckdb
        query: SELECT client, count(*) AS events FROM e GROUP BY client
"""


class Writer(crashing.Caller):
    def __init__(self, server: serving.Server, client: int) -> None:
        super().__init__(server)
        self.client = client

    def request(self, number: int) -> tuple[str, str]:
        row = json.dumps({"client": self.client, "batch": number}) + "\n"
        return "/api/public/events/ingest", row


class Follower(crashing.Caller):
    def request(self, number: int) -> tuple[str, str]:
        return "/api/public/pull?dataset=per-client", ""


weir = functools.partial(serving.weir, environment={**os.environ, **S3_KEYS})
answer = functools.partial(serving.answer, environment={**os.environ, **S3_KEYS})


def begin(path: pathlib.Path) -> pathlib.Path:
    home = path / "home"
    manifests = path / "datasets.yaml"
    manifests.write_text(MANIFESTS)
    weir(home, "apply", "-f", manifests)
    return home


@contextlib.contextmanager
def busy_server(home: pathlib.Path):
    with serving.serving(home) as server:
        callers = [Writer(server, 0), Writer(server, 1), Follower(server)]
        with crashing.calling(callers):
            yield callers


@pytest.mark.timeout(600)
def test_each_backup_of_a_busy_home_is_of_one_moment(tmp_path):
    home = begin(tmp_path)
    backups = tmp_path / "backups"
    made = []
    with busy_server(home) as callers:
        for _ in range(BACKUPS):
            time.sleep(1)
            made.append(answer(home, "backup", "create", backups))
    assert all(caller.acknowledged for caller in callers), "nobody wrote"
    assert made[-1]["newObjects"] < made[-1]["objects"], "what was there is stored once"
    for older, newer in itertools.pairwise(made):
        assert newer["objects"] > older["objects"], "rows came in between"
    checked = answer(home, "backup", "verify", backups)
    assert (checked["backups"], checked["datasets"]) == (BACKUPS, 2)
    assert checked["objects"] == made[-1]["objects"]

    for number, backup in enumerate(made):
        restored = tmp_path / f"restored-{number}"
        weir(home, "backup", "restore", backups, "--to", restored, "--at", backup["time"])
        weir(restored, "verify", "events", "per-client", "--recursive")
        # The derivative goes on from where it was, and then counts each event once.
        weir(restored, "pull", "per-client")
        sql = 'SELECT (SELECT sum(events) FROM "per-client") AS a, count(*) AS b FROM events'
        counts = answer(restored, "sql", "-c", sql)[0]
        assert counts["a"] == counts["b"]


@pytest.mark.timeout(120 + 30 * KILLS)
def test_a_backup_that_was_killed_is_none_and_the_next_is_whole(tmp_path):
    chance = crashing.chance()
    home = begin(tmp_path)
    with busy_server(home) as callers:
        while len(callers[0].acknowledged) < 40:
            time.sleep(0.1)
    backups, restored = tmp_path / "backups", tmp_path / "restored"
    began = time.monotonic()
    weir(home, "backup", "create", tmp_path / "measured")
    longest = time.monotonic() - began

    for _ in range(KILLS):
        crashing.run_or_kill(home, chance.uniform(0, longest), "backup", "create", backups)
    for manifest in backups.glob("backups/*"):  # those that were quicker than their end
        manifest.unlink()
    weir(home, "backup", "verify", backups, code=3)
    made = answer(home, "backup", "create", backups)
    assert answer(home, "backup", "verify", backups)["objects"] == made["objects"]

    for _ in range(KILLS):
        crashing.run_or_kill(
            home, chance.uniform(0, longest), "backup", "restore", backups, "--to", restored
        )
        if restored.exists():  # it was quicker than its end, and is whole
            weir(restored, "verify", "events", "per-client", "--recursive")
            restored.rename(tmp_path / f"restored-{time.monotonic_ns()}")
    weir(home, "backup", "restore", backups, "--to", restored)
    weir(restored, "verify", "events", "per-client", "--recursive")
    assert not list(tmp_path.glob(".tmp-restore-*"))


@pytest.fixture
def s3():
    """A client of an S3 server with the buckets `lake` and `backups`."""
    server = moto.server.ThreadedMotoServer(port=0)
    server.start()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{server.get_host_and_port()[1]}",
        region_name="us-east-1",
        aws_access_key_id=S3_KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=S3_KEYS["AWS_SECRET_ACCESS_KEY"],
    )
    for bucket in ("lake", "backups"):
        client.create_bucket(Bucket=bucket)
    yield client
    server.stop()


def objects_in(s3, bucket: str, prefix: str) -> set[str]:
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]
    return {item["Key"].removeprefix(prefix) for item in listed}


@pytest.mark.timeout(300)
def test_datasets_in_a_bucket_are_backed_up_to_a_bucket_and_put_back_there(tmp_path, s3):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    url = f"s3://lake/data?endpoint={s3.meta.endpoint_url}"
    (home / "weir.yaml").write_text(f"datasets: {{store: '{url}'}}\n")
    rows = tmp_path / "rows.csv"
    rows.write_text("id,amount\n1,10\n2,20\n")
    weir(home, "ingest", "orders", rows, "--create")
    backups = f"s3://backups/weir?endpoint={s3.meta.endpoint_url}"
    made = answer(home, "backup", "create", backups)
    assert made["objects"] == made["newObjects"] > 0
    weir(home, "ingest", "orders", rows)
    assert answer(home, "backup", "create", backups)["newObjects"] == 2
    assert answer(home, "backup", "verify", backups)["objects"] == made["objects"] + 2
    weir(home, "ingest", "orders", rows)  # after the last backup
    head = answer(home, "log", "orders")[0]

    # The home is lost, and of the bucket one object; the rest of it is newer than the backup.
    shutil.rmtree(home)
    there = objects_in(s3, "lake", "data/")
    saved = objects_in(s3, "backups", "weir/datasets/")
    lost = next(key for key in sorted(there & saved) if "/data/" in key)
    s3.delete_object(Bucket="lake", Key="data/" + lost)
    weir(home, "backup", "restore", backups, "--to", home)
    assert objects_in(s3, "lake", "data/") == there
    weir(home, "verify", "orders")
    assert answer(home, "log", "orders")[0] == head, "what came after the backup is not lost"
