"""Writes values.ndjson: what DataFusion makes of expressions over the rows of rows.sql.

    pip install datafusion==55.0.0 duckdb==1.5.5 pyarrow
    python make.py

One line is one expression: its text, the type of its result, and its values as text (times as
milliseconds since 1970). Expressions are those of expressions.txt; DataFusion has an answer for
each of them.
"""

import json
import pathlib

import duckdb
import pyarrow
from datafusion import SessionConfig, SessionContext

HERE = pathlib.Path(__file__).parent


def sql_type(arrow_type):
    name = str(arrow_type)
    if name.startswith("timestamp"):
        return "TIMESTAMP"
    if name.startswith("decimal128("):
        return name.replace("decimal128(", "DECIMAL(").replace(", ", ",")
    return {
        "int32": "INTEGER",
        "int64": "BIGINT",
        "float": "FLOAT",
        "double": "DOUBLE",
        "bool": "BOOLEAN",
        "date32[day]": "DATE",
        "string": "VARCHAR",
        "string_view": "VARCHAR",
        "large_string": "VARCHAR",
    }[name]


def main():
    engine = duckdb.connect()
    engine.execute("SET TimeZone = 'UTC'")
    rows = engine.sql(HERE.joinpath("rows.sql").read_text()).to_arrow_table()
    # As slices hold them: times are milliseconds of UTC.
    milliseconds = pyarrow.timestamp("ms", "UTC")
    fields = [
        f.with_type(milliseconds) if pyarrow.types.is_timestamp(f.type) else f for f in rows.schema
    ]
    config = SessionConfig()
    config = config.set("datafusion.sql_parser.enable_ident_normalization", "false")
    config = config.set("datafusion.execution.target_partitions", "1")
    context = SessionContext(config)
    context.from_arrow(rows.cast(pyarrow.schema(fields)), "r")
    lines = []
    for sql in HERE.joinpath("expressions.txt").read_text().splitlines():
        result = context.sql(f"SELECT {sql} AS x FROM r").to_arrow_table()
        kind = sql_type(result.schema.field(0).type)
        text = "epoch_ms(x)" if kind == "TIMESTAMP" else "x"
        values = engine.sql(f"SELECT CAST({text} AS VARCHAR) FROM result").fetchall()
        lines.append(
            json.dumps(
                {"sql": sql, "type": kind, "values": [v for (v,) in values]}, ensure_ascii=False
            )
        )
    HERE.joinpath("values.ndjson").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
