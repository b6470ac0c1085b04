"""kill -9 while a graph of derivatives is brought up to date: nothing is half visible, and the next
pull continues.

New files come, and `weir pull --all` is killed at a moment drawn from a seed, as a command and
within a server; WEIR_SEED chooses the moments, and a failure prints it. WEIR_GRAPH_KILLS says how
often. After each kill every dataset is read and verified. In the end each has the rows that a home
has which took all at once, and every step gives the same on one core.
"""

import json
import os
import pathlib
import random
import time

import crashing
import graphs
import pytest
import serving
from serving import weir

KILLS = int(os.environ.get("WEIR_GRAPH_KILLS", "3"))


class Follower(crashing.Caller):
    def request(self, number: int) -> tuple[str, str]:
        return "/api/public/pull", ""

    def heard(self, said: str) -> None:
        failed = [each for each in json.loads(said)["datasets"] if "error" in each]
        if failed:
            raise crashing.Refused(json.dumps(failed))


class Pusher(crashing.Caller):
    """Pushes batches, at first the last one of before: what became of it is not known."""

    def request(self, number: int) -> tuple[str, str]:
        return "/api/public/pushed/ingest", graphs.MadeGraph.batch(number)


def use_one_core() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


class Rounds:
    """A home with a graph, into which batches are pushed up to number `batches`; None: none are."""

    def __init__(self, graph: graphs.Graph, home: pathlib.Path, batches: int | None) -> None:
        self.graph, self.home, self.batches = graph, home, batches
        graph.begin(home)
        self.push_all()

    def push_all(self) -> None:
        if self.batches is None:
            return
        rows = self.home.parent / "batches.ndjson"
        batches = range(self.batches + 1)
        rows.write_text("".join(graphs.MadeGraph.batch(number) for number in batches))
        weir(self.home, "ingest", "pushed", rows)

    def pull(self) -> None:
        weir(self.home, "pull", "--all")

    def kill_server(self, seconds: float) -> None:
        def callers_of(server: serving.Server) -> list[crashing.Caller]:
            pushers = [] if self.batches is None else [Pusher(server, self.batches)]
            return [Follower(server), *pushers]

        for pusher in crashing.call_until_killed(self.home, seconds, callers_of)[1:]:
            self.batches = max(self.batches, pusher.next - 1)

    def kill(self, kills: int, chance: random.Random) -> None:
        self.graph.bring()
        began = time.monotonic()
        self.pull()
        longest = time.monotonic() - began
        for kill in range(kills):
            self.graph.bring()
            if kill % 2 == 0:
                crashing.run_or_kill(self.home, chance.uniform(0, longest), "pull", "--all")
            else:
                self.kill_server(chance.uniform(0, longest))
            self.graph.content_of(self.home)
            weir(self.home, "verify", *self.graph.names)
        self.push_all()
        self.pull()

    def compare(self) -> None:
        again = Rounds(self.graph, self.home.parent / "again", self.batches)
        again.pull()
        assert self.graph.content_of(self.home) == self.graph.content_of(again.home)
        weir(self.home, "verify", "--recursive", *self.graph.ends, before=use_one_core)


@pytest.mark.timeout(240 + 60 * KILLS)
def test_a_graph_whose_update_is_killed_is_whole_and_goes_on(tmp_path):
    chance = crashing.chance()
    rounds = Rounds(graphs.MadeGraph(tmp_path, chance), tmp_path / "home", batches=0)
    rounds.kill(KILLS, chance)
    rounds.compare()


@pytest.mark.timeout(240 + 60 * KILLS)
def test_so_is_the_graph_of_the_example(tmp_path):
    chance = crashing.chance()
    rounds = Rounds(graphs.ExampleGraph(tmp_path), tmp_path / "home", batches=None)
    rounds.kill(min(KILLS - 1, 10), chance)
    rounds.compare()
