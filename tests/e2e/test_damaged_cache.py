"""A cache can be damaged in any way, and nobody hears of it: history says the same.

Each kind of file that a home keeps in cache/ is cut off, changed, removed and replaced by a
directory; then everything is read, merged into, followed and verified. A file whose name differs
from that of another in its numbers alone is of its kind.
"""

import pathlib
import re
import shutil
import time

import pytest
import serving
from serving import weir

ROWS = 120_000  # enough that the state is kept
KEPT_WITHIN_S = 60.0

MANIFESTS = """
name: people
version: v1
type: dataset
dataset:
  metadata:
    - kind: AddPushSource
      sourceName: default
      read: {kind: Csv, ddlSchema: [id BIGINT not null, city BIGINT]}
      merge: {kind: UpsertStream, primaryKey: [id]}
---
name: cities
version: v1
type: dataset
dataset:
  kind: Derivative
  metadata:
    - kind: SetTransform
      inputs: [{datasetRef: people}]
      transform:
        kind: Sql
        engine: duckdb
        query: SELECT city, count(*) AS people, sum(id) AS ids FROM people GROUP BY city
"""


def cut_off(file: pathlib.Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def change(file: pathlib.Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def replace_by_directory(file: pathlib.Path) -> None:
    file.unlink()
    file.mkdir()
    (file / "inside").touch()


DAMAGES = (cut_off, change, pathlib.Path.unlink, replace_by_directory)


def kinds_in(cache: pathlib.Path) -> dict[str, list[pathlib.Path]]:
    kinds: dict[str, list[pathlib.Path]] = {}
    for file in sorted(cache.rglob("*")):
        if file.is_file():
            place = file.relative_to(cache)
            kind = f"{place.parts[0]}/{re.sub('[0-9a-f]*[0-9][0-9a-f]*', '#', place.name)}"
            kinds.setdefault(kind, []).append(place)
    return kinds


def read(home: pathlib.Path) -> str:
    states = "SELECT count(*), sum(id * city) FROM people UNION ALL SELECT sum(people), sum(ids)"
    return weir(home, "sql", "-c", states + " FROM cities", "-o", "csv").stdout


def use(home: pathlib.Path) -> str:
    """What there is to be read after something was merged into a state and followed."""
    weir(home, "ingest", "people", home.parent / "more.csv")
    weir(home, "pull", "--all")
    return read(home)


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> pathlib.Path:
    """A home with everything in its cache that it keeps."""
    place = tmp_path_factory.mktemp("kept")
    home = place / "home"
    (place / "all.yaml").write_text(MANIFESTS)
    weir(home, "apply", "-f", place / "all.yaml")
    (place / "rows.csv").write_text("".join(f"{i},{i % 50}\n" for i in range(ROWS)))
    (place / "more.csv").write_text("".join(f"{i},{i % 7}\n" for i in range(0, ROWS, 999)))
    weir(home, "ingest", "people", place / "rows.csv")
    for city in (51, 52):
        (place / "few.csv").write_text("".join(f"{i},{city}\n" for i in range(99)))
        weir(home, "ingest", "people", place / "few.csv")
    weir(home, "pull", "--all")
    weir(home, "pack", "people")
    with serving.serving(home):
        deadline = time.monotonic() + KEPT_WITHIN_S
        while not list(home.glob("cache/states/*/state.json")):
            assert time.monotonic() < deadline, "no state was kept"
            time.sleep(0.1)
    return home


def copy_of(home: pathlib.Path, place: pathlib.Path) -> pathlib.Path:
    shutil.copytree(home, place / "home")
    shutil.copy(home.parent / "more.csv", place)
    return place / "home"


@pytest.mark.timeout(900)
def test_a_damaged_file_of_any_kind_is_made_up_for(kept, tmp_path):
    sound = use(copy_of(kept, tmp_path / "sound"))
    kinds = kinds_in(kept / "cache")
    assert {kind.split("/")[0] for kind in kinds} >= {"packed", "states"}
    for number, (kind, files) in enumerate(kinds.items()):
        for damage in DAMAGES:
            home = copy_of(kept, tmp_path / f"{damage.__name__}-{number}")
            for file in files:
                damage(home / "cache" / file)
            assert use(home) == sound, f"{kind}: {damage.__name__}"
    weir(home, "verify", "people", "cities")


def test_a_directory_of_the_cache_may_be_a_file_or_gone(kept, tmp_path):
    sound = use(copy_of(kept, tmp_path / "sound"))
    for name in ("", *(path.name for path in (kept / "cache").iterdir())):
        home = copy_of(kept, tmp_path / f"without-{name}")
        shutil.rmtree(home / "cache" / name)
        if name:
            (home / "cache" / name).touch()
        assert use(home) == sound, name
        weir(home, "du")


def test_a_server_goes_on_when_its_cache_goes(kept, tmp_path):
    home = copy_of(kept, tmp_path / "served")
    with serving.serving(home):
        sound = read(home)
        shutil.rmtree(home / "cache")
        assert read(home) == sound
        weir(home, "ingest", "people", tmp_path / "served" / "more.csv")
        weir(home, "pull", "--all")
    assert use(home)
