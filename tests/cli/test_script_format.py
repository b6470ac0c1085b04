"""The format of the scripts is kept honest: what should fail does."""

import pathlib

import pytest
import script


def outcome(text: str, tmp_path: pathlib.Path) -> str | None:
    parsed = script.parse(text)
    return script.run(parsed.commands[0], tmp_path, {"PATH": "/usr/bin:/bin"})


@pytest.mark.parametrize(
    "text",
    [
        "$ echo a\na\n",
        "$ echo abc\na[..]c\n",
        "$ echo 17\n~ \\d+\n",
        "$ seq 5\n1\n...\n5\n",
        "$ seq 2\n...\n1\n2\n...\n",
        "$ echo a >&2; false\n2> a\n? 1\n",
        "$ echo a\n> echo b\na\nb\n",
        "$ echo '$ a'\n1> $ a\n",
        "$ true\n",
        "$ pwd\n$DIR\n",
    ],
)
def test_what_is_as_expected_passes(text: str, tmp_path: pathlib.Path) -> None:
    assert outcome(text, tmp_path) is None


@pytest.mark.parametrize(
    "text",
    [
        "$ echo a\nb\n",
        "$ echo a\n",
        "$ true\na\n",
        "$ echo a; echo b\na\n",
        "$ echo a >&2\n",
        "$ echo a\n2> a\n",
        "$ false\n",
        "$ true\n? 1\n",
        "$ echo a.c\n~ b\n",
        "$ echo abc\na.c\n",
        "$ seq 3\n1\n...\n2\n",
    ],
)
def test_what_is_not_as_expected_fails(text: str, tmp_path: pathlib.Path) -> None:
    assert outcome(text, tmp_path) is not None


def test_an_expectation_before_any_command_is_refused() -> None:
    with pytest.raises(SyntaxError, match="line 2"):
        script.parse("# nothing\noutput\n")


def test_files_stand_at_the_end() -> None:
    parsed = script.parse("$ true\n-- a/b.yaml --\nx: 1\n\n# no comment\n-- c --\n")
    assert parsed.files == {"a/b.yaml": "x: 1\n\n# no comment\n", "c": ""}
