"""Fetching: one function per registry, each through that registry's ordinary client.

The clients know the machine's registries, mirrors and certificates, so nothing of that is ours.
A function puts the file into `folder` and returns its path; the caller checks the sum.
"""

import contextlib
import importlib.util
import os
import pathlib
import sys
import tempfile
import zipfile

from dev.steps import Failure, output_of


def npm_package(package: str, version: str, folder: pathlib.Path) -> pathlib.Path:
    output_of("npm", "pack", "--silent", f"{package}@{version}", "--pack-destination", folder)
    return only_file(folder, "*.tgz", f"{package} {version}")


def crate(package: str, version: str, folder: pathlib.Path) -> pathlib.Path:
    """The .crate file, from cargo's own cache: `cargo info` brings it there, and it alone. A cargo
    too old for that (before 1.82) brings it with all it leans on, as a build would."""
    try:
        output_of("cargo", "info", "--quiet", f"{package}@{version}", cwd=folder)
    except Failure:
        fetch_with_dependencies(package, version, folder / "wanting")
    home = pathlib.Path(os.environ.get("CARGO_HOME") or pathlib.Path.home() / ".cargo")
    found = sorted((home / "registry" / "cache").glob(f"*/{package}-{version}.crate"))
    if not found:
        raise Failure(f"{package} {version}: cargo fetched no .crate file")
    copy = folder / found[0].name
    copy.write_bytes(found[0].read_bytes())
    return copy


def fetch_with_dependencies(package: str, version: str, folder: pathlib.Path) -> None:
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "lib.rs").touch()
    (folder / "Cargo.toml").write_text(
        '[package]\nname = "wanting"\nversion = "0.0.0"\nedition = "2021"\n'
        f'[dependencies]\n{package} = {{ version = "={version}", default-features = false }}\n'
    )
    output_of("cargo", "fetch", cwd=folder)


def wheels(wanted: list[tuple[str, str]], folder: pathlib.Path) -> dict[str, pathlib.Path]:
    """Downloads wheels in one call and returns them by their normalized package name."""
    lines = [f"{package}=={version}" for package, version in wanted]
    with python_with_pip() as python:
        output_of(
            *(python, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--only-binary=:all:", "--dest", folder, *lines),
        )
    return {
        path.name.split("-")[0].replace("_", "-").replace(".", "-").lower(): path
        for path in folder.glob("*.whl")
    }


def source_package(wanted: str, setuptools: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """The archive of a package that has no wheel; `wanted` is a line of pip's requirements with the
    sum. To bring it, pip runs the package's own set-up, which is why it checks the sum itself and
    is given the wheel of setuptools in place of fetching the newest one."""
    requirements, builder = folder / "requirements", folder / "setuptools"
    requirements.write_text(wanted + "\n")
    with zipfile.ZipFile(setuptools) as archive:
        archive.extractall(builder)
    with python_with_pip() as python:
        output_of(
            *("env", f"PYTHONPATH={builder}", python, "-m", "pip", "download", "--quiet"),
            *("--disable-pip-version-check", "--no-deps", "--no-binary=:all:", "--use-pep517"),
            *("--no-build-isolation", "--require-hashes", "--dest", folder, "-r", requirements),
        )
    return only_file(folder, "*.tar.gz", wanted)


@contextlib.contextmanager
def python_with_pip():
    """A Python with pip: this one, else a virtual environment that lives as long as the block."""
    if importlib.util.find_spec("pip"):
        yield sys.executable
        return
    with tempfile.TemporaryDirectory(prefix="weir-pip-") as folder:
        output_of(sys.executable, "-m", "venv", folder)
        yield f"{folder}/bin/python"


def only_file(folder: pathlib.Path, pattern: str, what: str) -> pathlib.Path:
    found = list(folder.glob(pattern))
    if len(found) != 1:
        raise Failure(f"{what}: expected one file {pattern}, found {len(found)}")
    return found[0]


CLIENTS = {"npm": npm_package, "crates": crate}
