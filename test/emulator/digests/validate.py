"""What `aws cloudtrail validate-logs` says of trails, in one process: the AWS CLI takes a second to start.

Reads [{"arn": ..., "endpoint": ..., "start": ..., "end": ..., "region": ..., "account": ...}, ...] from stdin and writes
[{"code": ..., "out": ..., "err": ...}, ...] to stdout.
"""

import contextlib
import io
import json
import sys

from awscli.clidriver import create_clidriver

driver = create_clidriver()
answers = []
for one in json.load(sys.stdin):
    arguments = ["cloudtrail", "validate-logs", "--trail-arn", one["arn"], "--start-time", one["start"]]
    arguments += ["--end-time", one["end"], "--region", one["region"], "--endpoint-url", one["endpoint"]]
    if "account" in one:
        arguments += ["--account-id", one["account"]]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = driver.main(arguments)
    answers.append({"code": code, "out": out.getvalue(), "err": err.getvalue()})
json.dump(answers, sys.stdout)
