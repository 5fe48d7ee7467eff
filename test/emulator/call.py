"""Calls of boto3, one after the other: a client of AWS that is not ours.

Reads [[service, method, arguments], ...] from stdin and writes the answers to stdout. An argument {"$bytes": "..."}
is base64.
"""

import base64
import json
import sys

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
answers = []
for service, method, arguments in json.load(sys.stdin):
    if service not in clients:
        clients[service] = boto3.client(service)
    answer = getattr(clients[service], method)(**given(arguments))
    answer.pop("ResponseMetadata", None)
    answers.append(answer)
json.dump(answers, sys.stdout, default=str)
