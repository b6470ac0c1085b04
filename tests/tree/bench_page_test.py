"""A bench's rows become a page that a person compares and that names no machine."""

import re
import socket

from dev import bench


def test_a_row_shows_figure_peer_ratio_and_bar():
    row = {
        "what": "commits",
        "unit": "/s",
        "weir": 41234.4,
        "peer": 3900,
        "peer_name": "one client",
        "ratio": 10.57,
        "bar": ">= 10 x",
        "met": True,
    }
    line = bench.page_of("commit", [row]).splitlines()[-1]
    assert line == "| commits | 41,234 /s | 3,900 /s (one client) | 10.57 x | >= 10 x | yes |"


def test_a_missed_bar_is_plain_and_gives_its_reason():
    row = {"what": "apply", "weir": 7.31, "unit": "s", "bar": "<= 5 s", "met": False, "note": "why"}
    page = bench.page_of("apply", [row])
    assert "| apply | 7.31 s |  |  | <= 5 s | **no** |" in page
    assert page.endswith("- apply: why\n")


def test_the_machine_is_told_by_cores_processor_and_memory_alone():
    line = bench.machine()
    assert re.fullmatch(r"\d+ cores of .+, \d+ GiB of memory", line)
    assert socket.gethostname() not in line
