"""Layering: a file includes its own folder and what its DEPS reach, nothing else."""

import pathlib

import pytest
from dev import layering


@pytest.fixture
def tree(tmp_path):
    """Three rooms, each leaning on the one before it, and nothing wrong with them."""
    write(tmp_path, "src/CMakeLists.txt", "add_subdirectory(base)\nforeach(room net api)\n")
    write(tmp_path, "src/base/CMakeLists.txt", "weir_library(base PUBLIC fmt::fmt)")
    write(tmp_path, "src/base/result.h", "")
    write(tmp_path, "src/net/CMakeLists.txt", "weir_library(net DEPS base)")
    write(tmp_path, "src/net/server.h", '#include "base/result.h"\n')
    write(tmp_path, "src/net/server.cc", '#include "net/server.h"\n#include <vector>\n')
    api = "weir_library(api DEPS net)\nweir_test(api_test DEPS api base_testing)"
    write(tmp_path, "src/api/CMakeLists.txt", api)
    write(tmp_path, "src/api/router.cc", '#include "net/server.h"\n#include "base/result.h"\n')
    return tmp_path


def write(root: pathlib.Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_tree_in_order_has_no_violations(tree):
    assert layering.violations(tree) == []


def test_an_include_of_a_folder_outside_the_deps_is_named_with_its_line(tree):
    write(tree, "src/net/server.cc", '#include "net/server.h"\n\n#include "api/router.h"\n')
    write(tree, "src/api/router.h", "")
    (line,) = layering.violations(tree)
    assert line.startswith('src/net/server.cc:3: includes "api/router.h"')


def test_a_header_is_held_to_the_same_rule(tree):
    write(tree, "src/base/early.h", '#include "net/server.h"\n')
    (line,) = layering.violations(tree)
    assert line.startswith("src/base/early.h:1:")


def test_a_test_may_include_what_its_own_deps_reach(tree):
    write(tree, "src/api/router_test.cc", '#include "base/testing/clock.h"\n')
    write(tree, "src/base/testing/clock.h", "")
    write(tree, "src/base/testing/CMakeLists.txt", "weir_library(base_testing DEPS base)")
    assert layering.violations(tree) == []
    write(tree, "src/api/router.cc", '#include "base/testing/clock.h"\n')
    (line,) = layering.violations(tree)
    assert line.startswith("src/api/router.cc:1:")


def test_a_room_that_leans_on_a_later_one_is_refused(tree):
    write(tree, "src/net/CMakeLists.txt", "weir_library(net DEPS base api)")
    (line,) = layering.violations(tree)
    assert "net leans on api" in line


def test_a_source_that_no_target_takes_is_named(tree):
    write(tree, "src/net/CMakeLists.txt", "weir_library(net DEPS base SOURCES server.cc)")
    write(tree, "src/net/forgotten.cc", "")
    (line,) = layering.violations(tree)
    assert line.startswith("src/net/forgotten.cc: no weir_")
