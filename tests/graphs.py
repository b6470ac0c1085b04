"""Graphs of datasets for tests of faults, and what comes into them step by step."""

import csv
import itertools
import json
import os
import pathlib
import random
import re
import shutil

from serving import answer, weir

ROOT = pathlib.Path(__file__).resolve().parents[1]


class Graph:
    """Datasets that `manifests` declare, whose sources look for files in `place`/data."""

    # Of rows in quarantine, what two homes have in common: all but the time at which they came.
    QUARANTINED = "check_name, position, record->>'id'"

    def __init__(self, manifests: pathlib.Path, place: pathlib.Path) -> None:
        self.manifests, self.place, self.files = manifests, place, place / "data"
        self.steps = 0
        self.files.mkdir()
        texts = [path.read_text() for path in sorted(manifests.glob("*.yaml"))]
        self.documents = {
            re.search(r"^name: (.+)$", text, re.MULTILINE)[1]: text
            for text in "\n---\n".join(texts).split("\n---\n")
        }

    def begin(self, home: pathlib.Path) -> None:
        """Makes a home with the datasets in it."""
        home.mkdir()
        (home / "weir.yaml").write_text(f"sources:\n  paths: {self.files}\n")
        environment = {**os.environ, "PWD": str(self.place)}
        weir(home, "apply", "-R", "-f", self.manifests, environment=environment)

    def bring(self) -> None:
        """Writes the files of the next step."""
        self.write(self.steps)
        self.steps += 1

    def write(self, step: int) -> None:
        raise NotImplementedError

    @property
    def names(self) -> list[str]:
        return list(self.documents)

    @property
    def ends(self) -> list[str]:
        """The derivatives that no other reads: with their inputs they are all there are."""
        read = set(re.findall(r"datasetRef: (\S+)", "\n".join(self.documents.values())))
        derived = [name for name, text in self.documents.items() if "SetTransform" in text]
        return [name for name in derived if name not in read]

    def content_of(self, home: pathlib.Path) -> dict[str, tuple[int, str]]:
        """Of each dataset the number of its rows, and a sum over all that is in them."""
        tables = {name: f'"{name}"' for name in self.documents}
        for name, text in self.documents.items():
            if "onFail: quarantine" in text:
                quarantine = f"{name}$quarantine"
                tables[quarantine] = f'(SELECT {self.QUARANTINED} FROM "{quarantine}")'
        parts = [
            f"SELECT '{name}' AS name, count(*) AS rows, "
            f"CAST(coalesce(sum(hash(t)), 0) AS VARCHAR) AS content FROM {table} t"
            for name, table in tables.items()
        ]
        found = answer(home, "sql", "-c", " UNION ALL ".join(parts))
        return {row["name"]: (row["rows"], row["content"]) for row in found}


class MadeGraph(Graph):
    """Roots of every way of merging, and 21 derivatives; rows are drawn by chance."""

    PEOPLE = 20
    SEATS = 9
    CITIES = ("Bergen", "Lima", "Oslo")
    WORDS = ("calm", "cold", "grey", "sea", "wind")

    def __init__(self, place: pathlib.Path, chance: random.Random) -> None:
        super().__init__(ROOT / "tests" / "data" / "graph", place)
        self.chance = chance

    def write(self, step: int) -> None:
        chance = self.chance

        def someone() -> int:
            return chance.randrange(self.PEOPLE)

        clicks = (
            {
                "at": f"2026-03-{1 + step % 28:02}T12:00:{i:02}Z",
                "id": step * 100 + i,
                "person": someone(),
                "page": f"page {chance.randrange(7)}",
                "seconds": chance.uniform(0, 60),
            }
            for i in range(40)
        )
        people = chance.sample(range(self.PEOPLE), self.PEOPLE - 4)
        seats = range(self.SEATS)
        files = {
            "clicks.ndjson": [json.dumps(click) for click in clicks],
            "notes.csv": [f"{someone()},{' '.join(chance.sample(self.WORDS, 3))}" for _ in seats],
            "people.csv": [f"{i},name {i % 13},{chance.choice(self.CITIES)}" for i in people],
            "orders.csv": [
                f"{chance.randrange(300)},{someone()},{chance.randrange(-20, 200)}" for _ in seats
            ],
            "prices.csv": [f"{chance.choice(seats)},{chance.randrange(900)}" for _ in range(3)],
            "seats.csv": [line for seat in seats[step % 3 :: 3] for line in self.turn(step, seat)],
        }
        for name, lines in files.items():
            source, kind = name.split(".")
            text = "".join(line + "\n" for line in lines)
            (self.files / f"{source}-{step:03}.{kind}").write_text(text)

    @staticmethod
    def turn(step: int, seat: int) -> list[str]:
        """A seat is taken (0), given to another (2, 3) and left (1), again and again."""
        return [
            [f"0,{seat},{seat}"],
            [f"2,{seat},{seat}", f"3,{seat},{seat + 1}"],
            [f"1,{seat},{seat + 1}"],
        ][step // 3 % 3]

    @staticmethod
    def batch(number: int) -> str:
        """What is pushed as a batch of that number; the same again changes nothing."""
        rows = ({"batch": number, "row": row, "amount": number + row / 7} for row in range(5))
        return "".join(json.dumps(row) + "\n" for row in rows)


class ExampleGraph(Graph):
    """examples/flights, with a part of its data, of which more comes month by month."""

    DATA = ROOT / ".deps" / "flights"
    ROWS = 300
    MONTHS = 12
    # Planes come as a whole each time, and what is wrong with one of them each time again.
    QUARANTINED = "DISTINCT check_name, record->>'tailnum'"
    UNTIL_2006 = 72  # months of prices before those of employment

    def __init__(self, place: pathlib.Path) -> None:
        super().__init__(ROOT / "examples" / "flights", place)
        for name in ("airlines.csv", "airports.csv"):
            self.copy(name, self.ROWS)
        shutil.copy(self.DATA / "first" / "zipcodes.csv", self.files)
        self.make_parquet(place)

    def write(self, step: int) -> None:
        self.copy(f"flights-2013-{step + 1:02}.csv", self.ROWS)
        self.copy("planes.csv", self.ROWS * (step + 1))
        for name in ("weather.csv", "seattle-weather.csv"):
            self.copy(name, self.ROWS * (step + 1))
        self.copy("us-employment.csv", self.MONTHS * (step + 1))
        self.copy("sp500.csv", self.UNTIL_2006 + self.MONTHS * (step + 1))
        quakes = json.loads((self.DATA / "later" / "earthquakes.json").read_text())
        quakes["features"] = quakes["features"][: self.ROWS * (step + 1)]
        (self.files / "earthquakes.json").write_text(json.dumps(quakes))

    def copy(self, name: str, rows: int) -> None:
        lines = (self.DATA / "first" / name).read_text().splitlines(keepends=True)
        (self.files / name).write_text("".join(lines[: rows + 1]))

    def make_parquet(self, place: pathlib.Path) -> None:
        """Flights of 2013 as the file of those of 2001 has them."""
        columns = {
            "date": "time_hour",
            "delay": "arr_delay",
            "distance": "distance",
            "origin": "origin",
            "destination": "dest",
        }
        with (self.DATA / "first" / "flights-2013-01.csv").open() as january:
            flights = list(itertools.islice(csv.DictReader(january), self.ROWS * 5))
        rows = [[flight[column] for column in columns.values()] for flight in flights]
        with (place / "rows.csv").open("w") as file:
            csv.writer(file).writerows([columns, *(row for row in rows if "NA" not in row)])
        weir(place / "of-parquet", "ingest", "rows", place / "rows.csv", "--create")
        weir(place / "of-parquet", "export", "rows", self.files / "flights-3m.parquet")
