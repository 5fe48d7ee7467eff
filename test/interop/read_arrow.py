"""Reads tables of a lake with pyiceberg, and their data files with pyarrow alone.

Each line of stdin is a list of jobs as JSON; each line of stdout is the list of answers.
"""

import os
from functools import reduce

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg import expressions
from pyiceberg.table import StaticTable

from arrow_rows import measures_of, rows_of
from rows import digest, found, serve, take_stdout

OPERATORS = {
    "=": expressions.EqualTo,
    "<": expressions.LessThan,
    "<=": expressions.LessThanOrEqual,
    ">": expressions.GreaterThan,
    ">=": expressions.GreaterThanOrEqual,
}


def condition(predicate):
    if predicate["op"] == "is null":
        return expressions.IsNull(predicate["column"])
    return OPERATORS[predicate["op"]](predicate["column"], predicate["value"])


def planned(table, predicates):
    scan = table.scan(row_filter=reduce(expressions.And, map(condition, predicates)))
    files = sorted(os.path.basename(task.file.file_path) for task in scan.plan_files())
    return {"files": files, "rows": scan.to_arrow().num_rows}


def snapshot_of(table, snapshot, identity):
    ids = table.scan(snapshot_id=snapshot, selected_fields=(identity,)).to_arrow()[identity]
    return {"rows": len(ids), "values": len(ids) - ids.null_count, "distinct": len(ids.drop_null().unique())}


def by_pyiceberg(job):
    table = StaticTable.from_metadata(job["metadata"])
    hinted = StaticTable.from_metadata(job["folder"])
    rows = table.scan().to_arrow()
    columns = job["columns"]
    return {
        "types": {field.name: str(field.field_type) for field in table.schema().fields},
        "arrow": {field.name: str(field.type) for field in rows.schema},
        "snapshot": table.metadata.current_snapshot_id,
        "hinted": hinted.metadata.current_snapshot_id,
        "summary": dict(table.current_snapshot().summary.additional_properties),
        "listed": [snapshot.snapshot_id for snapshot in table.metadata.snapshots],
        "files": sorted(os.path.basename(task.file.file_path) for task in table.scan().plan_files()),
        **found(job, columns, rows_of(rows, columns), measures_of(rows, columns, job["distinct"])),
        "planned": [planned(table, predicates) for predicates in job["predicates"]],
        "snapshots": {str(each): snapshot_of(table, each, job["sample"]["column"]) for each in job["snapshots"]},
    }


def by_pyarrow(job):
    """The data files by themselves; a column that a file does not have yet is null in it."""
    rows, ids, types = [], {}, {}
    for path in job["dataFiles"]:
        file = pq.ParquetFile(path).read()
        for field in file.schema:
            types[field.name] = str(field.type)
            ids[field.name] = int(field.metadata[b"PARQUET:field_id"])
        for name in job["columns"]:
            if name not in file.column_names:
                file = file.append_column(name, pa.nulls(file.num_rows, pa.string()))
        rows += rows_of(file, job["columns"])
    return {"rows": len(rows), "digest": digest(rows), "ids": ids, "types": types}


serve(take_stdout(), lambda job: {"pyiceberg": by_pyiceberg(job), "pyarrow": by_pyarrow(job)})
