"""A program folder that runs anywhere: the program, and beside it every library but glibc's.

glibc is what every Debian 12 has and what cannot be brought along; everything else is bundled and
found through $ORIGIN, so no environment variable and no package is needed.
"""

import pathlib
import re
import shutil

from dev.steps import ROOT, Failure, output_of

PATCHELF = ROOT / ".deps" / "arrow" / "bin" / "patchelf"
GLIBC = re.compile(
    r"^(ld-linux-x86-64|libc|libm|libdl|libpthread|librt|libresolv|libutil|libanl|libnsl|libmvec"
    r"|libnss_\w+|libBrokenLocale|libc_malloc_debug|libthread_db)\.so(\.\d+)?$"
)
LDD_LINE = re.compile(r"^\s*(\S+) => (\S.*) \(0x[0-9a-f]+\)$", re.MULTILINE)


def libraries_of(program: pathlib.Path) -> list[pathlib.Path]:
    """Every shared library the program loads, glibc's left out, as the loader finds them now."""
    listed = output_of("ldd", program)
    if "not found" in listed:
        raise Failure(f"{program.name} lacks libraries:\n{listed}")
    found = {name: pathlib.Path(path) for name, path in LDD_LINE.findall(listed)}
    return [found[name] for name in sorted(found) if not GLIBC.match(name)]


def bundle(program: pathlib.Path, modules: list[pathlib.Path], prefix: pathlib.Path) -> list[str]:
    """Puts the program into prefix/bin, and its libraries and modules (what it loads by dlopen)
    into prefix/lib. Returns the names of the Debian packages whose libraries were bundled."""
    libraries = {path.name: path for each in (program, *modules) for path in libraries_of(each)}
    place(program, prefix / "bin" / program.name, "$ORIGIN/../lib")
    for path in (*libraries.values(), *modules):
        place(path, prefix / "lib" / path.name, "$ORIGIN")
    return sorted({name for path in libraries.values() if (name := package_of(path))})


def place(source: pathlib.Path, target: pathlib.Path, search: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source.resolve(), target)
    target.chmod(0o755)
    output_of("strip", "--strip-debug", target)
    output_of(PATCHELF, "--set-rpath", search, target)


def package_of(library: pathlib.Path) -> str | None:
    """The Debian package a library came from; None for what .deps/ brought."""
    if library.resolve().is_relative_to(ROOT) or ".cache" in library.resolve().parts:
        return None
    for path in (library, library.resolve(), pathlib.Path("/usr") / str(library)[1:]):
        try:
            return output_of("dpkg-query", "--search", path).split(":")[0]
        except Failure:
            continue
    return None
