"""The data of examples/flights is what its makers published, in two parts that add up."""

import json

from dev import example_data
from dev.steps import ROOT

FLIGHTS = b"year,month,day\n2013,1,1\n2013,12,1\n2013,1,2\n"
WEATHER = b"origin,year,month\nEWR,2013,11\nEWR,2013,12\nJFK,2013,1\n"


def test_flights_are_parted_by_month_and_each_part_has_the_header():
    assert example_data.by_month(FLIGHTS) == {
        1: b"year,month,day\n2013,1,1\n2013,1,2\n",
        12: b"year,month,day\n2013,12,1\n",
    }


def test_weather_comes_without_its_last_month_at_first():
    expected = b"origin,year,month\nEWR,2013,11\nJFK,2013,1\n"
    assert example_data.before_last_month(WEATHER) == expected


def test_what_grows_by_years_comes_without_the_last_one_at_first():
    days = b"date,wind\n2014-12-31,3.5\n2015-01-01,4.7\n2015-01-02,2.3\n"
    assert example_data.before_last_year(days) == b"date,wind\n2014-12-31,3.5\n"
    months = b"date,price\nDec 1 2009,1115.1\nJan 1 2010,1073.87\n"
    assert example_data.before_last_year(months) == b"date,price\nDec 1 2009,1115.1\n"


def test_earthquakes_come_without_what_was_said_in_the_last_day():
    def feed(*updated):
        features = [{"properties": {"updated": time}} for time in updated]
        metadata = {"generated": example_data.DAY_MS * 3}
        return json.dumps({"metadata": metadata, "features": features}, separators=(",", ":"))

    early, late = example_data.DAY_MS * 2 - 1, example_data.DAY_MS * 2
    first = example_data.before_last_day(feed(early, late).encode())
    assert first.decode() == feed(early)


def test_what_comes_later_goes_on_where_the_first_files_end():
    first, later = (ROOT / ".deps" / "flights" / batch for batch in ("first", "later"))
    rows = [line for file in first.glob("flights-2013-*.csv") for line in lines_of(file)[1:]]
    assert len(rows) + len(lines_of(later / "flights-2013-12.csv")) - 1 == 336_776
    for name in ("weather.csv", *example_data.BY_YEARS):
        assert set(lines_of(first / name)) < set(lines_of(later / name))


def lines_of(file):
    return file.read_text().splitlines()
