"""Calls of boto3, one after the other: a client of AWS that is not ours.

Each line of stdin is [[service, method, arguments], ...]; each is answered with a line: the list of answers, or what went wrong as
a string. An argument {"$bytes": "..."} is base64.
"""

import base64
import json
import sys
import traceback

import boto3


def given(value):
    if isinstance(value, dict) and set(value) == {"$bytes"}:
        return base64.b64decode(value["$bytes"])
    if isinstance(value, dict):
        return {name: given(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [given(inner) for inner in value]
    return value


clients = {}


def answer_of(service, method, arguments):
    if service not in clients:
        clients[service] = boto3.client(service)
    answer = getattr(clients[service], method)(**given(arguments))
    answer.pop("ResponseMetadata", None)
    return answer


for line in sys.stdin:
    try:
        said = [answer_of(*call) for call in json.loads(line)]
    except Exception:
        said = traceback.format_exc()
    print(json.dumps(said, default=str), flush=True)
