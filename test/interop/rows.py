"""What the readers share: rows in one written form, and a loop that answers jobs.

A row is the list of its columns' texts: times as microseconds since 1970, days as days since then, bytes and
the bits of doubles in hex. A digest covers every value of every row, in any order.
"""

import hashlib
import json
import os
import struct
import sys
import traceback


def digest(rows):
    lines = sorted(hashlib.sha256(line(row).encode()).hexdigest() for row in rows)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def line(row):
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def double_bits(value):
    return None if value is None else struct.pack(">d", value).hex()


def found(job, columns, rows, measures):
    """The part of an answer that is about the rows."""
    at = columns.index(job["sample"]["column"])
    wanted = set(job["sample"]["values"])
    return {
        "rows": len(rows),
        "digest": digest(rows),
        "measures": measures,
        "samples": sorted((row for row in rows if row[at] in wanted), key=line),
    }


def take_stdout():
    """The way for answers. What anything else prints goes to stderr from now on."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out


def serve(out, answer):
    """Answers each line of jobs with a line of answers."""
    for jobs in sys.stdin:
        try:
            told = [answer(job) for job in json.loads(jobs)]
        except Exception:
            told = {"error": traceback.format_exc()}
        out.write(json.dumps(told) + "\n")
        out.flush()
