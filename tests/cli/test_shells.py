"""Completion as the shells themselves carry it out."""

import pathlib
import subprocess

import serving


def shell(tmp_path: pathlib.Path, *command: str) -> list[str]:
    """Runs a shell with weir on the PATH; its words, sorted."""
    (tmp_path / "weir").symlink_to(serving.program())
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        env={
            "PATH": f"{tmp_path}:/usr/bin:/bin",
            "HOME": str(tmp_path),
            "WEIR_HOME": str(tmp_path / "home"),
            "LC_ALL": "C.UTF-8",
        },
    )
    assert done.stderr == ""
    return sorted(done.stdout.split())


def test_bash_sees_commands_and_values(tmp_path):
    script = """
      source <(weir completion bash)
      COMP_WORDS=(weir get --output = n) COMP_CWORD=4
      COMP_LINE="weir get --output=n" COMP_POINT=19
      _weir
      printf '%s\\n' "${COMPREPLY[@]}"
    """
    assert shell(tmp_path, "bash", "-c", script) == ["name", "ndjson"]


def test_bash_replaces_only_what_follows_a_colon(tmp_path):
    script = """
      source <(weir completion bash)
      COMP_WORDS=(weir wait workspace pub) COMP_CWORD=3
      COMP_LINE="weir wait workspace pub" COMP_POINT=23
      _weir
      printf '%s\\n' "${COMPREPLY[@]}"
    """
    assert shell(tmp_path, "bash", "-c", script) == ["public"]


def test_fish_sees_commands(tmp_path):
    script = "weir completion fish | source; complete -C 'weir hist' | cut -f1"
    assert shell(tmp_path, "fish", "-c", script) == ["history"]


def test_zsh_sees_commands(tmp_path):
    # Outside its line editor zsh completes nothing, so what would be offered is printed instead.
    script = """
      compdef() { }
      _describe() { print -l -- "${(@P)2}" }
      eval "$(weir completion zsh)"
      words=(weir undel) CURRENT=2
      _weir
    """
    words = shell(tmp_path, "zsh", "-f", "-c", script)
    assert "undelete:bring" in words
