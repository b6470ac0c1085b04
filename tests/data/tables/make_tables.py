"""Makes the files beside it again: python make_tables.py, with fastavro, openpyxl and pyarrow."""

import copy
import datetime
import decimal
import pathlib

import fastavro
import openpyxl
import pyarrow
import pyarrow.orc

HERE = pathlib.Path(__file__).parent
UTC = datetime.UTC
AT = datetime.datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
LOCAL = AT.replace(tzinfo=None)


def field(name, kind, /, **more):
    return {"name": name, "type": {"type": kind, **more} if more else kind}


EVERY_TYPE = [
    (field("int", "int"), -7),
    (field("long", ["null", "long"]), None),
    (field("float", "float"), 1.5),
    (field("double", "double"), 0.1),
    (field("flag", "boolean"), True),
    (field("text", ["string", "null"]), "Zürich"),
    (field("bytes", "bytes"), b"\x00\xff"),
    (
        field("price", "bytes", logicalType="decimal", precision=10, scale=2),
        decimal.Decimal("-12.34"),
    ),
    (field("day", "int", logicalType="date"), AT.date()),
    (field("millis", "long", logicalType="timestamp-millis"), AT),
    (field("micros", "long", logicalType="timestamp-micros"), AT),
    (field("local", "long", logicalType="local-timestamp-micros"), LOCAL),
    (field("uuid", "string", logicalType="uuid"), "00000000-0000-0000-0000-000000000005"),
    (field("choice", "enum", name="Choice", symbols=["no", "yes"]), "yes"),
    (field("items", "array", items="int"), [1, 2]),
    (field("inner", "record", name="Inner", fields=[field("x", "int")]), {"x": 1}),
]
SALES = [field("id", "long"), field("name", ["null", "string"]), field("price", "double")]
ROWS = [
    {"id": 1, "name": "a", "price": 1.0},
    {"id": 2, "name": None, "price": 1.5},
    {"id": 3, "name": "c", "price": 3.0},
]


def avro(name, fields, rows, **options):
    schema = {"type": "record", "name": "Row", "fields": copy.deepcopy(fields)}
    with open(HERE / name, "wb") as file:
        fastavro.writer(file, schema, rows, sync_marker=b"0123456789abcdef", **options)


def avro_files():
    row = {described["name"]: value for described, value in EVERY_TYPE}
    avro("every_type.avro", [described for described, _ in EVERY_TYPE], [row])
    for codec in ("null", "deflate", "snappy", "zstandard", "bzip2", "xz"):
        avro(f"sales_{codec}.avro", SALES, ROWS, codec=codec)
    avro("map.avro", [field("counts", "map", values="int")], [{"counts": {"a": 1}}])
    avro("union.avro", [field("either", ["int", "string"])], [{"either": 1}])


def orc_file():
    table = pyarrow.table(
        {
            "id": pyarrow.array([1, 2, 3], pyarrow.int64()),
            "name": ["a", None, "c"],
            "price": [1.0, 1.5, 3.0],
            "exact": pyarrow.array(
                [decimal.Decimal("1.25"), None, decimal.Decimal("-3.5")], pyarrow.decimal128(10, 2)
            ),
            "at": pyarrow.array([AT, None, AT], pyarrow.timestamp("us", "UTC")),
            "local": pyarrow.array([LOCAL, None, LOCAL], pyarrow.timestamp("us")),
            "day": [AT.date(), None, AT.date()],
            "tags": [["x", "y"], [], None],
        }
    )
    pyarrow.orc.write_table(table, HERE / "sales.orc", compression="zstd")
    nanos = pyarrow.table({"at": pyarrow.array([1], pyarrow.timestamp("ns", "UTC"))})
    pyarrow.orc.write_table(nanos, HERE / "nanoseconds.orc")


def sheet(name, rows, prepare=lambda book: None):
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = datetime.datetime(2024, 1, 1)
    for row in rows:
        book.active.append(row)
    prepare(book)
    book.save(HERE / name)


def xlsx_files():
    heading = ["id", "name", "price", "day", "at", "ok", "mixed"]
    day = datetime.date(2024, 1, 31)
    at = datetime.datetime(2024, 1, 31, 12, 30, 15, 250000)

    def add_another(book):
        book.create_sheet("another").append(["not this one"])

    sheet(
        "sales.xlsx",
        [
            [],
            heading,
            [1, "a <&> ü", 1, day, day, True, 1],
            [2, None, 1.5, day, at, False, "two"],
            [],
            [4, "d", 0.1, None, at, None, None],
        ],
        add_another,
    )
    sheet("bad_cell.xlsx", [["id", "name"], [1, "a"], [], ["many", "b"]])
    sheet("half.xlsx", [["id", "name"], [1, "a"], [1.5, "b"]])
    sheet("no_heading.xlsx", [["id"], [1, "lost"]])

    def break_cell(book):
        book.active["A2"].data_type = "e"

    sheet("error.xlsx", [["id"], ["#DIV/0!"]], break_cell)


avro_files()
orc_file()
xlsx_files()
