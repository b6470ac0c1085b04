"""Set-up: everything a build needs, here, checked, and linked into .deps/.

A run that finds the stamp, the links and the packages as they should be does nothing else, so it
costs a fraction of a second and needs no network.
"""

import contextlib
import fcntl
import os
import pathlib
import shutil

from dev import debian, parts, recipes
from dev.steps import ROOT, step

DEPS = ROOT / ".deps"
PRODUCTS = ("arrow", "duckdb", "python", "flights")


def set_up(*roles: str) -> None:
    """Installs and links what is missing for these roles of Debian packages (see parts.toml)."""
    with step("set-up"):
        wanted = parts.read()
        debian.ensure(wanted.debian, roles)
        places = {product: recipes.place_of(product, wanted) for product in PRODUCTS}
        if not linked(places):
            with one_at_a_time():
                for product in PRODUCTS:
                    link(product, recipes.ensure(product, wanted))


def linked(places: dict[str, pathlib.Path]) -> bool:
    return all(
        (DEPS / product).is_dir() and os.readlink(DEPS / product) == str(place)
        for product, place in places.items()
    )


def link(product: str, place: pathlib.Path) -> None:
    DEPS.mkdir(exist_ok=True)
    fresh = DEPS / f".{product}.new"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(place)
    fresh.rename(DEPS / product)


@contextlib.contextmanager
def one_at_a_time():
    """Only one run fills the cache; what an earlier one left unfinished is removed first."""
    root = parts.cache_root()
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(root / "unfinished", ignore_errors=True)
        yield
