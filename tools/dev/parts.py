"""Parts: what tools/dev/parts.toml says must be here, and the checked files in the cache.

The cache belongs to the user, not to a clone. A file lives under its SHA-256, so two clones, two
versions of parts.toml and an interrupted run never disagree about what a file is. Everything gets
its final name by a rename, and only after its sum was checked.
"""

import contextlib
import dataclasses
import hashlib
import os
import pathlib
import re
import shutil
import tempfile
import tomllib

from dev import fetch
from dev.steps import ROOT, Failure, step

PARTS_FILE = ROOT / "tools" / "dev" / "parts.toml"


@dataclasses.dataclass(frozen=True)
class Part:
    """One fetched file: where it comes from, its version, and the sum it must have."""

    name: str
    registry: str  # pypi, pypi-source, npm or crates
    package: str
    version: str
    sha256: str


@dataclasses.dataclass(frozen=True)
class Parts:
    files: dict[str, Part]
    wheels: list[Part]  # the tests' Python
    wants: list[str]
    debian: dict[str, list[str]]


def read(path: pathlib.Path = PARTS_FILE) -> Parts:
    text = tomllib.loads(path.read_text())
    files = [
        Part(row["name"], row["from"], row["package"], row["version"], row["sha256"])
        for row in text["part"]
    ]
    python = text["python"]
    wheels = [Part(name, "pypi", name, version, sha) for name, version, sha in python["lock"]]
    return Parts({part.name: part for part in files}, wheels, python["wants"], text["debian"])


def cache_root() -> pathlib.Path:
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(base).absolute() / "weir"


def file_of(part: Part) -> pathlib.Path | None:
    """The cached file of a part, or None when it was never fetched."""
    folder = cache_root() / "files" / part.sha256
    return next(iter(folder.iterdir()), None) if folder.is_dir() else None


def sha256_of(path: pathlib.Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def keep(part: Part, fetched: pathlib.Path) -> None:
    """Checks the sum of a fetched file and gives it its place in the cache."""
    found = sha256_of(fetched)
    if found != part.sha256:
        raise Failure(
            f"{part.name} {part.version}: what arrived has the wrong SHA-256\n"
            f"  expected {part.sha256}\n  found    {found}\n"
            f"Nothing of it was kept. If the new file is right, say so in {PARTS_FILE.name}."
        )
    folder = cache_root() / "files" / part.sha256
    waiting = pathlib.Path(tempfile.mkdtemp(prefix="new-", dir=scratch()))
    shutil.move(fetched, waiting / fetched.name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        waiting.rename(folder)
    except OSError:  # another run was first, with the same bytes
        shutil.rmtree(waiting)


def scratch() -> pathlib.Path:
    """Where unfinished things lie: on the cache's own file system, so that renames are atomic."""
    folder = cache_root() / "unfinished"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def ensure_files(parts: list[Part]) -> None:
    """Fetches every part that is not in the cache, and checks its sum."""
    missing = [part for part in parts if file_of(part) is None]
    for part in [part for part in missing if part.registry in fetch.CLIENTS]:
        with step(f"fetch {part.name} {part.version}"), temp_folder() as folder:
            keep(part, fetch.CLIENTS[part.registry](part.package, part.version, folder))
    wheels = [part for part in missing if part.registry == "pypi"]
    if wheels:
        with step(f"fetch {described(wheels)}"), temp_folder() as folder:
            arrived = fetch.wheels([(part.package, part.version) for part in wheels], folder)
            for part in wheels:
                name = normalized(part.package)
                if name not in arrived:
                    raise Failure(f"{part.name} {part.version}: pip brought no file of that name")
                keep(part, arrived[name])
    for part in [part for part in missing if part.registry == "pypi-source"]:
        (builder,) = (each for each in parts if each.name == "setuptools")
        with step(f"fetch {part.name} {part.version}"), temp_folder() as folder:
            wanted = f"{part.package}=={part.version} --hash=sha256:{part.sha256}"
            keep(part, fetch.source_package(wanted, file_of(builder), folder))


def described(parts: list[Part]) -> str:
    names = ", ".join(f"{part.name} {part.version}" for part in parts[:3])
    return names + (f" and {len(parts) - 3} more" if len(parts) > 3 else "")


def normalized(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


@contextlib.contextmanager
def temp_folder():
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=scratch()) as folder:
        yield pathlib.Path(folder)
