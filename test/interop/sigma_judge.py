"""What pySigma with its SQLite backend says of rules and events: {"cases": [{"rules", "events"}]} in, matches out.

For each case the answer is {"matches": {title: [places of events]}} or {"error": sentence}; of a correlation, the groups and
times of its alerts. An event becomes a row of one table with a column for each field that a rule names. What lies in lists
on the way to a field is joined by line breaks: SQLite has no lists.
"""

import json
import re
import sqlite3
import sys

from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection
from sigma.correlations import SigmaCorrelationRule
from sigma.rule import SigmaRule
from sigma.types import SigmaCompareExpression, SigmaFieldReference


def values(event, keys):
    """What a path leads to, through lists."""
    if isinstance(event, list):
        return [value for item in event for value in values(item, keys)]
    if not keys:
        return [event]
    if isinstance(event, dict) and keys[0] in event:
        return values(event[keys[0]], keys[1:])
    return []


def text(event, field):
    found = [value for value in values(event, field.split(".")) if value is not None]
    if not found:
        return None
    if len(found) == 1 and isinstance(found[0], (int, float)) and not isinstance(found[0], bool):
        return found[0]
    return "\n".join(
        value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        for value in found
    )


def walk(condition, fields, numbers):
    field = getattr(condition, "field", None)
    if field:
        fields.add(field)
        value = getattr(condition, "value", None)
        if isinstance(value, SigmaFieldReference):
            fields.add(value.field)
        if isinstance(value, SigmaCompareExpression):
            numbers.add(field)
    for inner in getattr(condition, "args", None) or []:
        walk(inner, fields, numbers)


def judge(case):
    rules = SigmaCollection.merge([SigmaCollection.from_yaml(one) for one in case["rules"]])
    rules.resolve_rule_references()
    fields, numbers = {"eventTime"}, set()
    for rule in rules:
        if isinstance(rule, SigmaCorrelationRule):
            fields.update(rule.group_by or [])
            wanted = getattr(rule.condition, "fieldref", None) or []
            fields.update([wanted] if isinstance(wanted, str) else wanted)
            for alias in rule.aliases:
                fields.update(alias.mapping.values())
        elif isinstance(rule, SigmaRule):
            for parsed in rule.detection.parsed_condition:
                walk(parsed.parsed, fields, numbers)
    connection = sqlite3.connect(":memory:")
    connection.create_function(
        "REGEXP", 2, lambda expression, value: value is not None and bool(re.search(expression, str(value)))
    )
    named = {field.lower(): field for field in sorted(fields)}
    columns = ", ".join(
        f"`{field}` {'' if field in numbers else 'TEXT'} COLLATE NOCASE" for field in named.values()
    )
    connection.execute(f"CREATE TABLE logs ({columns})")
    connection.executemany(
        f"INSERT INTO logs VALUES ({', '.join('?' for _ in named)})",
        [[text(event, field) for field in named.values()] for event in case["events"]],
    )
    backend = sqliteBackend(timestamp_field="eventTime")
    backend.table = "logs"
    matches = {}
    for rule in [rule for rule in rules if isinstance(rule, SigmaRule)]:
        found = set()
        for query in backend.convert_rule(rule):
            where = query if not query.upper().startswith("SELECT") else query.split(" WHERE ", 1)[1]
            found |= {row - 1 for (row,) in connection.execute(f"SELECT rowid FROM logs WHERE {where}")}
        matches[rule.title] = sorted(found)
    for rule in [rule for rule in rules if isinstance(rule, SigmaCorrelationRule)]:
        for query in backend.convert_correlation_rule(rule):
            matches[rule.title] = [list(row) for row in connection.execute(query)]
    return {"matches": matches}


def main():
    answers = []
    for case in json.load(sys.stdin)["cases"]:
        try:
            answers.append(judge(case))
        except Exception as thrown:  # the judge's own sentence is the answer
            answers.append({"error": f"{type(thrown).__name__}: {thrown}"})
    json.dump(answers, sys.stdout)


main()
