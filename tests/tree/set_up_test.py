"""Set-up: what is fetched is checked, kept once, and never fetched again."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import time

import pytest
from dev import debian, fetch, parts, recipes, set_up
from dev.steps import ROOT, Failure

GOOD = b"the library"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "weir"


def part(name: str, content: bytes = GOOD) -> parts.Part:
    return parts.Part(name, "npm", name, "1.2.3", hashlib.sha256(content).hexdigest())


@pytest.fixture
def registry(monkeypatch):
    """A registry that serves GOOD and notes who asked."""
    asked = []

    def serve(package, version, folder):
        asked.append(f"{package} {version}")
        path = folder / f"{package}.tgz"
        path.write_bytes(registry_content.get(package, GOOD))
        return path

    registry_content: dict[str, bytes] = {}
    asked_and_content = (asked, registry_content)
    monkeypatch.setitem(fetch.CLIENTS, "npm", serve)
    return asked_and_content


def test_a_wrong_sum_stops_with_the_name_of_the_part_and_keeps_nothing(cache, registry):
    _, content = registry
    content["duckdb-library"] = b"something else"
    with pytest.raises(Failure, match=r"duckdb-library 1\.2\.3: .*wrong SHA-256"):
        parts.ensure_files([part("duckdb-library")])
    assert not list(cache.glob("files/*"))


def test_a_fetched_file_is_not_fetched_again(cache, registry):
    asked, _ = registry
    for _ in range(3):
        parts.ensure_files([part("one")])
    assert asked == ["one 1.2.3"]


def test_an_interrupted_run_goes_on_with_the_part_it_stopped_at(cache, registry):
    asked, content = registry
    wanted = [part("one"), part("two", b"two")]
    content["two"] = b"cut off"
    with pytest.raises(Failure, match="two"):
        parts.ensure_files(wanted)
    content["two"] = b"two"
    parts.ensure_files(wanted)
    assert asked == ["one 1.2.3", "two 1.2.3", "two 1.2.3"]
    assert all(parts.file_of(each) for each in wanted)


def test_what_an_interrupted_run_left_is_removed_by_the_next(cache):
    leftover = cache / "unfinished" / "make-arrow" / "lib"
    leftover.mkdir(parents=True)
    with set_up.one_at_a_time():
        assert not leftover.exists()


def test_every_part_has_a_sum_and_a_version():
    wanted = parts.read()
    for each in [*wanted.files.values(), *wanted.wheels]:
        assert len(each.sha256) == 64, each.name
        assert each.version, each.name


def test_the_lock_holds_everything_that_is_wanted():
    wanted = parts.read()
    locked = {parts.normalized(wheel.package) for wheel in wanted.wheels}
    assert {parts.normalized(name.split("[")[0]) for name in wanted.wants} <= locked


def test_a_missing_debian_package_is_named_where_apt_cannot_be_used(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    roles = {"build": ["bash", "weir-no-such-package"], "libraries": []}
    with pytest.raises(Failure, match="Missing Debian packages: weir-no-such-package\n"):
        debian.ensure(roles, ())


def test_a_failing_apt_names_the_missing_packages(monkeypatch):
    def no_network(*_):
        raise Failure("could not resolve")

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(debian, "install", no_network)
    roles = {"build": ["weir-no-such-package"], "libraries": []}
    with pytest.raises(Failure, match=r"(?s)packages: weir-no-such-package.*could not resolve"):
        debian.ensure(roles, ())


def test_another_clone_is_linked_without_network_in_two_seconds(tmp_path):
    clone = tmp_path / "clone"
    for name in ("dev", "tools"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, clone / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            clone.mkdir(exist_ok=True)
            shutil.copy(source, clone / name)
    program = (
        "import sys; sys.path.insert(0, 'tools')\n"
        "from dev import set_up; set_up.set_up('tests', 'checks')"
    )
    started = time.monotonic()
    subprocess.run(
        [*without_network(), sys.executable, "-c", program], cwd=clone, check=True, timeout=60
    )
    assert time.monotonic() - started < 2.0
    for product in set_up.PRODUCTS:
        assert (clone / ".deps" / product).readlink() == (ROOT / ".deps" / product).readlink()


def without_network() -> list[str]:
    """A prefix that runs a command where no network interface but an idle loopback exists."""
    return ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]


def test_libparquet_exports_no_name_of_openssl():
    library = ROOT / ".deps" / "arrow" / "lib" / "libparquet.so.2600"
    listed = subprocess.run(
        ["nm", "--dynamic", "--defined-only", "--format=posix", library],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    names = [line.split()[0] for line in listed.splitlines()]
    renamed = [name for name in names if name.startswith(recipes.PARQUET_PREFIX)]
    assert len(renamed) > 7000
    foreign = [name for name in names if not name.startswith(("_Z", recipes.PARQUET_PREFIX))]
    assert foreign == []


def test_the_tree_names_no_registry_and_no_path_of_a_machine():
    listed = subprocess.run(
        ["git", "ls-files", "dev", "tools", "cmake", ".ci", "deploy"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in listed.split():
        text = pathlib.Path(ROOT / name).read_text(errors="replace")
        assert "https://" not in text.replace("https://www.apache.org", ""), name
        assert "/root/" not in text and "/work/" not in text, name
