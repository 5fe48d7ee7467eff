"""Reads every table of the catalog that `loglake serve` has, with Spark over the Iceberg REST protocol.

Prints one JSON object: by table, its columns and rows as texts; what each statement that writes was answered; and the rows of
`cloudtrail` at its first snapshot and now.
"""

import json
import sys

from rows import take_stdout
from spark_session import start

WRITES = [
    "create table loglake.loglake.mine (a int)",
    "delete from loglake.loglake.cloudtrail where eventname = 'ConsoleLogin'",
    "insert into loglake.loglake.model_usage_10min select * from loglake.loglake.model_usage_10min",
    "drop table loglake.loglake.cloudtrail",
    "create namespace loglake.mine",
]


def rows_of(spark, name):
    frame = spark.table(f"loglake.loglake.{name}")
    columns = [column for column, kind in frame.dtypes if kind != "binary"]
    texts = frame.selectExpr(*(f"cast(`{column}` as string) as `{column}`" for column in columns))
    return {"columns": columns, "rows": [list(row) for row in texts.collect()]}


def refusal(spark, statement):
    try:
        spark.sql(statement)
    except Exception as thrown:
        return str(thrown).strip().splitlines()[0]
    return None


out = take_stdout()
given = dict(line.split() for line in sys.stdin.read().splitlines())
spark = start({"spark.log.level": "OFF", **given})
names = [row.tableName for row in spark.sql("show tables in loglake.loglake").collect()]
tables = {name: rows_of(spark, name) for name in names}
refused = {statement: refusal(spark, statement) for statement in WRITES}
first = spark.sql("select snapshot_id from loglake.loglake.cloudtrail.snapshots order by committed_at").first()[0]
then = spark.sql(f"select count(*) from loglake.loglake.cloudtrail version as of {first}").first()[0]
now = spark.table("loglake.loglake.cloudtrail").count()
print(json.dumps({"tables": tables, "refused": refused, "then": then, "now": now}), file=out, flush=True)
