"""Debian packages: which are missing, and how they come."""

import contextlib
import os
import pathlib
import subprocess

from dev.parts import cache_root
from dev.steps import Failure, run, step

ALWAYS = ("build", "libraries")


def missing(packages: list[str]) -> list[str]:
    """The packages of the list that are not installed, by one call of dpkg-query."""
    done = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *packages],
        capture_output=True,
        text=True,
        check=False,
    )
    installed = {
        line.split()[0] for line in done.stdout.splitlines() if line.endswith(" installed")
    }
    return [package for package in packages if package not in installed]


def ensure(by_role: dict[str, list[str]], roles: tuple[str, ...]) -> None:
    """Installs what is missing of the roles; says which packages they are where apt cannot."""
    wanted = sorted({package for role in (*ALWAYS, *roles) for package in by_role[role]})
    lacking = missing(wanted)
    if not lacking:
        return
    names = " ".join(lacking)
    how = f"Missing Debian packages: {names}\nAs root: apt-get install {names}"
    if os.geteuid() != 0:
        raise Failure(how)
    with step(f"install {len(lacking)} Debian packages"):
        try:
            install(lacking)
        except Failure as failure:
            raise Failure(f"{how}\napt could not install them: {failure}") from failure


def install(packages: list[str]) -> None:
    if any(package.startswith("postgresql-") for package in packages):
        with_lists("postgresql-common")
        with no_new_cluster():
            with_lists(*packages)
    else:
        with_lists(*packages)


def with_lists(*packages: str) -> None:
    """Installs; a fresh machine has no package lists, or old ones, so a failure updates them."""
    try:
        apt_get("install", *packages)
    except Failure:
        apt_get("update")
        apt_get("install", *packages)


def apt_get(verb: str, *packages: str) -> None:
    options = ["-qq", "-o", "DPkg::Lock::Timeout=300"]
    if verb == "install":
        options += ["--yes", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold"]
    log = cache_root() / "apt.log"
    run("apt-get", *options, verb, *packages, env={"DEBIAN_FRONTEND": "noninteractive"}, log=log)


@contextlib.contextmanager
def no_new_cluster():
    """Keeps a new PostgreSQL package from making and starting a cluster: tests start their own."""
    config = pathlib.Path("/etc/postgresql-common/createcluster.conf")
    before = config.read_text()
    config.write_text(before + "\ncreate_main_cluster = false\n")
    try:
        yield
    finally:
        config.write_text(before)
