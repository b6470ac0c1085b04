"""A bare Debian 12: a debootstrap root in which both packages must install and serve."""

import contextlib
import os
import pathlib
import shutil
import tempfile

from dev import parts
from dev.steps import ROOT, Failure, output_of, run, say, step

SUITE = "bookworm"


def try_packages(archive: pathlib.Path, debian: pathlib.Path) -> None:
    if os.geteuid() != 0:
        raise Failure("the packages are tried in a root of their own, which needs root")
    image = bare_image()
    for package in (archive, debian):
        with step(f"try {package.name} on a bare Debian"), fresh_root(image) as root:
            shutil.copy(package, root / "tmp" / package.name)
            shutil.copytree(ROOT / "examples" / "hello", root / "tmp" / "hello")
            shutil.copy(ROOT / "deploy" / "try_package.sh", root / "tmp" / "try_package.sh")
            run(
                *("unshare", "--mount", "--pid", "--net", "--fork", "sh", "-c"),
                'mount -t proc proc "$1/proc" && ip link set lo up 2>/dev/null; '
                'exec chroot "$1" /bin/sh /tmp/try_package.sh "$2"',
                *("sh", root, f"/tmp/{package.name}"),
            )
    say("package: both ran on a bare Debian 12 without compiler and Python")


def bare_image() -> pathlib.Path:
    """A tar of the root, made once by debootstrap from the mirror apt itself uses."""
    image = parts.cache_root() / "made" / f"{SUITE}-minbase.tar"
    if not image.exists():
        with step("debootstrap"), tempfile.TemporaryDirectory(dir=parts.scratch()) as folder:
            root = pathlib.Path(folder) / "root"
            log = parts.cache_root() / "debootstrap.log"
            run("debootstrap", "--variant=minbase", SUITE, root, mirror(), log=log)
            shutil.rmtree(root / "var" / "cache" / "apt" / "archives", ignore_errors=True)
            tar = pathlib.Path(folder) / "root.tar"
            output_of("tar", "--create", "--file", tar, "--directory", root, ".")
            image.parent.mkdir(parents=True, exist_ok=True)
            tar.rename(image)
    return image


def mirror() -> str:
    listed = output_of("apt-get", "indextargets", "--format", "$(REPO_URI)", f"Codename: {SUITE}")
    if not listed.split():
        raise Failure(f"apt knows no mirror of Debian {SUITE}; run `apt-get update`")
    return listed.split()[0]


@contextlib.contextmanager
def fresh_root(image: pathlib.Path):
    with tempfile.TemporaryDirectory(prefix="weir-bare-") as folder:
        root = pathlib.Path(folder) / "root"
        root.mkdir()
        output_of("tar", "--extract", "--file", image, "--directory", root)
        yield root
