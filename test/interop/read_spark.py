"""Reads tables of a lake with Spark and Iceberg's own Java library, by the path of the table's folder.

Each line of stdin is a list of jobs as JSON; each line of stdout is the list of answers.
"""

import os
from functools import reduce

from pyspark.sql import functions as F

from rows import double_bits, found, serve, take_stdout
from spark_session import start

# Spark reads a table's column type as one of these.
WRITTEN = {
    "timestamp": "cast(unix_micros({0}) as string)",
    "date": "cast(unix_date({0}) as string)",
    "binary": "lower(hex({0}))",
    "double": "{0}",
}
NUMBER = {
    "timestamp": "cast(unix_micros({0}) as decimal(38, 0))",
    "date": "unix_date({0})",
    "boolean": "int({0})",
    "bigint": "{0}",
    "double": "cast(floor(abs({0})) as decimal(38, 0))",
    "string": "octet_length({0})",
    "binary": "octet_length({0})",
}


def load(folder, **options):
    return spark.read.format("iceberg").options(**options).load(folder)


def condition(frame, predicate):
    column = F.col(predicate["column"])
    if predicate["op"] == "is null":
        return column.isNull()
    value = F.lit(predicate["value"]).cast(dict(frame.dtypes)[predicate["column"]])
    return {
        "=": column == value,
        "<": column < value,
        "<=": column <= value,
        ">": column > value,
        ">=": column >= value,
    }[predicate["op"]]


def task_files(frame):
    """The files of the scan's tasks, as Iceberg's planner chose them: not those that happened to hold a match."""
    scan = frame._jdf.queryExecution().executedPlan().collectLeaves().head()
    if scan.nodeName().startswith("LocalTableScan"):
        return []
    partitions = scan.inputPartitions()
    files = set()
    for index in range(partitions.size()):
        tasks = partitions.apply(index).taskGroup().tasks().iterator()
        while tasks.hasNext():
            files.add(os.path.basename(tasks.next().file().path()))
    return sorted(files)


def planned(frame, predicates):
    chosen = frame.where(reduce(lambda one, other: one & other, (condition(frame, each) for each in predicates)))
    return {"files": task_files(chosen), "rows": chosen.count()}


def measures_of(frame, columns, distinct):
    kinds = dict(frame.dtypes)
    wanted = []
    for name in columns:
        wanted += [F.count(name), F.expr(f"cast(coalesce(sum({NUMBER[kinds[name]].format(f'`{name}`')}), 0) as string)")]
    wanted += [F.countDistinct(name) for name in distinct]
    told = list(frame.agg(*wanted).first())
    measures = {name: {"values": told[2 * at], "total": told[2 * at + 1]} for at, name in enumerate(columns)}
    for at, name in enumerate(distinct):
        measures[name]["distinct"] = told[2 * len(columns) + at]
    return measures


def rows_of(frame, columns):
    kinds = dict(frame.dtypes)
    texts = [F.expr(WRITTEN.get(kinds[name], "cast({0} as string)").format(f"`{name}`")) for name in columns]
    return [[double_bits(value) if isinstance(value, float) else value for value in row] for row in frame.select(*texts).collect()]


def snapshot_of(job, snapshot):
    column = job["sample"]["column"]
    frame = load(job["folder"], **{"snapshot-id": snapshot})
    rows, values, distinct = frame.agg(F.count(F.lit(1)), F.count(column), F.countDistinct(column)).first()
    return {"rows": rows, "values": values, "distinct": distinct}


def metadata_column(job, table, column):
    return [row[0] for row in load(f"{job['folder']}#{table}").select(column).collect()]


def answer(job):
    frame = load(job["folder"])
    columns = job["columns"]
    return {
        "types": dict(frame.dtypes),
        "snapshot": metadata_column(job, "history", "snapshot_id")[-1],
        "listed": metadata_column(job, "snapshots", "snapshot_id"),
        "files": sorted(map(os.path.basename, metadata_column(job, "files", "file_path"))),
        **found(job, columns, rows_of(frame, columns), measures_of(frame, columns, job["distinct"])),
        "planned": [planned(frame, predicates) for predicates in job["predicates"]],
        "snapshots": {str(each): snapshot_of(job, each) for each in job["snapshots"]},
    }


out = take_stdout()
spark = start({"spark.sql.shuffle.partitions": "2", "spark.log.level": "ERROR"})
serve(out, answer)
