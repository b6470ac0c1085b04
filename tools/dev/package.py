"""Packages: a relocatable tar.gz and a .deb, for machines without compiler and Python."""

import os
import pathlib
import shutil
import subprocess
import tarfile
import tempfile

from dev import bare_debian, build, relocatable
from dev.steps import ROOT, Failure, output_of, say, step

DEPLOY = ROOT / "deploy"
SHELLS = {
    "bash": "share/bash-completion/completions/weir",
    "zsh": "share/zsh/site-functions/_weir",
    "fish": "share/fish/vendor_completions.d/weir.fish",
}


def package(option: str | None = None) -> None:
    if option not in (None, "--test"):
        raise Failure(f"`{option}` is unknown; `./dev package --test` tries what was made")
    if option == "--test":
        test_packages()
    else:
        make()


def make() -> tuple[pathlib.Path, pathlib.Path]:
    build.build("release", "weir")
    folder = ROOT / "build" / "package"
    shutil.rmtree(folder, ignore_errors=True)
    prefix = folder / f"weir-{version()}-linux-x86_64"
    with step("gather the program and its libraries"):
        gather(prefix)
    with step("pack the tar.gz"):
        archive = tar_of(prefix)
    with step("pack the .deb"):
        debian = debian_package_of(prefix, folder)
    for path in (archive, debian):
        say(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1e6:.1f} MB")
    return archive, debian


def test_packages() -> None:
    archive, debian = make()
    bare_debian.try_packages(archive, debian)


def version() -> str:
    return (ROOT / "VERSION").read_text().strip()


def gather(prefix: pathlib.Path) -> None:
    """Fills prefix with bin/, lib/ and share/, the same for both packages."""
    program = build.program("release")
    modules = sorted(build.folder_of("release").glob("lib*.so"))
    packages = relocatable.bundle(program, modules, prefix)
    documents = prefix / "share" / "doc" / "weir"
    documents.mkdir(parents=True)
    for name in ("README.md", "LICENSE", "CHANGELOG.md"):
        shutil.copy(ROOT / name, documents / name)
    for name in packages:
        target = documents / "licenses" / name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(pathlib.Path("/usr/share/doc") / name / "copyright", target)
    for shell, place in SHELLS.items():
        target = prefix / place
        target.parent.mkdir(parents=True)
        target.write_text(output_of(program, "completion", shell))
    manual = prefix / "share" / "man" / "man1"
    manual.mkdir(parents=True)
    for page in sorted((ROOT / "docs" / "man").glob("*.1")):
        shutil.copy(page, manual / page.name)
    unit = prefix / "share" / "systemd" / "weir.service"
    unit.parent.mkdir()
    shutil.copy(DEPLOY / "systemd" / "weir.service", unit)


def tar_of(prefix: pathlib.Path) -> pathlib.Path:
    """The same content gives the same archive: sorted, owned by root, dated by the commit."""
    date = int(commit_date())

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mtime = date
        return member

    archive = prefix.parent / f"{prefix.name}.tar"
    with tarfile.open(archive, "w") as tar:
        for path in sorted([prefix, *prefix.rglob("*")]):
            tar.add(path, path.relative_to(prefix.parent), recursive=False, filter=plain)
    output_of("gzip", "--force", "--no-name", "-6", archive)
    return archive.with_name(archive.name + ".gz")


def debian_package_of(prefix: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """The program lives whole in /usr/lib/weir, so that $ORIGIN finds its libraries; /usr/bin/weir
    is a link to it."""
    target = folder / f"weir_{version()}_amd64.deb"
    with tempfile.TemporaryDirectory(prefix="weir-deb-") as name:
        root = pathlib.Path(name)
        root.chmod(0o755)
        for part in ("bin", "lib"):
            shutil.copytree(prefix / part, root / "usr" / "lib" / "weir" / part)
        shutil.copytree(prefix / "share", root / "usr" / "share")
        (root / "usr" / "bin").mkdir()
        (root / "usr" / "bin" / "weir").symlink_to("../lib/weir/bin/weir")
        units = root / "lib" / "systemd" / "system"
        units.mkdir(parents=True)
        shutil.move(root / "usr" / "share" / "systemd" / "weir.service", units / "weir.service")
        (root / "usr" / "share" / "systemd").rmdir()
        control = (DEPLOY / "debian" / "control").read_text()
        (root / "DEBIAN").mkdir()
        kib = sum(path.stat().st_size for path in root.rglob("*") if path.is_file()) // 1024
        (root / "DEBIAN" / "control").write_text(
            control.replace("@VERSION@", version()).replace("@KIB@", str(kib))
        )
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", root, target],
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "SOURCE_DATE_EPOCH": commit_date()},
        )
    return target


def commit_date() -> str:
    return output_of("git", "log", "-1", "--format=%ct").strip()
