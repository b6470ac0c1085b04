"""Layering: a file may include its own folder and what its target's DEPS reach, nothing else.

The picture is read from the same weir_...() calls that build the tree, so it cannot drift from it.
"""

import dataclasses
import pathlib
import re

DECLARATION = re.compile(
    r"^\s*(weir_(?:library|test|fuzz|bench|program))\s*\(([^)]*)\)", re.MULTILINE
)
KEYWORDS = {"DEPS", "PUBLIC", "PRIVATE", "PCH", "SOURCES", "TIMEOUT", "LABELS", "OUTPUT"}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Target:
    kind: str
    name: str
    folder: pathlib.Path
    sources: tuple[str, ...]
    deps: tuple[str, ...]


def targets_of(listfile: pathlib.Path) -> list[Target]:
    """The targets one CMakeLists.txt declares."""
    text = re.sub(r"#[^\n]*", "", listfile.read_text())
    targets = []
    for kind, body in DECLARATION.findall(text):
        name, *words = body.split()
        lists: dict[str, list[str]] = {}
        keyword = ""
        for word in words:
            if word in KEYWORDS:
                keyword = word
            else:
                lists.setdefault(keyword, []).append(word.strip('"'))
        sources, deps = tuple(lists.get("SOURCES", ())), tuple(lists.get("DEPS", ()))
        targets.append(Target(kind, name, listfile.parent, sources, deps))
    return targets


def targets_of_tree(root: pathlib.Path) -> list[Target]:
    listfiles = [
        path
        for place in ("src", "tests", "bench")
        for path in sorted((root / place).rglob("CMakeLists.txt"))
    ]
    return [target for path in listfiles for target in targets_of(path)]


def reachable(target: Target, libraries: dict[str, Target]) -> dict[str, Target]:
    """The libraries a target may include: its DEPS and theirs."""
    found: dict[str, Target] = {}
    waiting = list(target.deps)
    while waiting:
        name = waiting.pop()
        if name in libraries and name not in found:
            found[name] = libraries[name]
            waiting.extend(libraries[name].deps)
    return found


def files_of(target: Target) -> list[pathlib.Path]:
    """The files a target answers for: its SOURCES, or what CMake would take of its folder."""
    if target.sources:
        return [path for source in target.sources if (path := target.folder / source).is_file()]
    if target.kind in ("weir_fuzz", "weir_bench"):
        path = target.folder / f"{target.name}_{target.kind.removeprefix('weir_')}.cc"
        return [path] if path.is_file() else []
    if target.kind == "weir_program":
        return [target.folder / "main.cc"]
    tests = target.kind == "weir_test"
    return [
        path
        for path in [*target.folder.glob("*.cc"), *target.folder.glob("*.h")]
        if is_test(path) == tests and path.name != "main.cc"
    ]


def is_test(path: pathlib.Path) -> bool:
    """A test, or a header that only tests share (home_in_test.h)."""
    return path.stem.endswith("_test")


def violations(root: pathlib.Path) -> list[str]:
    """One line for each include that may not be, each declared cycle, each file of no target."""
    targets = targets_of_tree(root)
    libraries = {target.name: target for target in targets if target.kind == "weir_library"}
    wrong = [*upward(root, targets, libraries), *orphans(root, targets)]
    for target in targets:
        allowed = {library.folder for library in reachable(target, libraries).values()}
        for path in files_of(target):
            wrong += violations_of(path, target, allowed | {target.folder}, root)
    return sorted(set(wrong))


def violations_of(
    path: pathlib.Path, target: Target, allowed: set[pathlib.Path], root: pathlib.Path
) -> list[str]:
    wrong = []
    for match in INCLUDE.finditer(path.read_text(errors="replace")):
        included = root / "src" / match.group(1)
        beside = path.parent / match.group(1)
        if not included.is_file() and not beside.is_file():
            continue  # foreign, or generated: the compiler has its say
        folder = owner(included if included.is_file() else beside, root)
        if folder not in allowed and owner(path, root) != folder:
            line = path.read_text(errors="replace").count("\n", 0, match.start(1)) + 1
            wrong.append(
                f'{path.relative_to(root)}:{line}: includes "{match.group(1)}", but nothing in the '
                f"DEPS of {target.name} is made of that folder"
            )
    return wrong


def owner(path: pathlib.Path, root: pathlib.Path) -> pathlib.Path:
    """The nearest folder above a file that declares targets."""
    folder = path.parent
    while folder != root and not (folder / "CMakeLists.txt").is_file():
        folder = folder.parent
    return folder


def rooms_in_order(root: pathlib.Path) -> list[pathlib.Path]:
    """The rooms as src/CMakeLists.txt lists them, from the ground up."""
    text = re.sub(r"#[^\n]*", "", (root / "src" / "CMakeLists.txt").read_text())
    names = []
    for one, several in re.findall(r"add_subdirectory\(([\w/]+)\)|foreach\(\w+ ([^)]*)\)", text):
        names += one.split() + several.split()
    return [root / "src" / name for name in names]


def upward(root: pathlib.Path, targets: list[Target], libraries: dict[str, Target]) -> list[str]:
    """A room leans on rooms listed before it, so no cycle can be declared."""
    order = rooms_in_order(root)

    def rank(folder: pathlib.Path) -> int:
        while folder not in order and folder != root:
            folder = folder.parent
        return order.index(folder) if folder in order else len(order)

    return [
        f"{target.folder.relative_to(root)}/CMakeLists.txt: {target.name} leans on {dependency}, "
        f"which src/CMakeLists.txt lists after it"
        for target in targets
        for dependency in target.deps
        if dependency in libraries and rank(libraries[dependency].folder) > rank(target.folder)
    ]


def orphans(root: pathlib.Path, targets: list[Target]) -> list[str]:
    """A source that no target compiles would never be checked, nor built."""
    known = {path for target in targets for path in files_of(target)}
    sources = [
        *(root / "src").rglob("*.cc"),
        *(root / "tests" / "fuzz").glob("*_fuzz.cc"),
        *(root / "bench").glob("*_bench.cc"),
    ]
    return [
        f"{path.relative_to(root)}: no weir_...() call takes this file"
        for path in sorted(sources)
        if path not in known and owner(path, root) in {target.folder for target in targets}
    ]
