"""Runs commands of the AWS CLI, a line of JSON each, without starting Python anew: {"rc", "out", "err"} a line."""

import contextlib
import io
import json
import shlex
import sys

from awscli.clidriver import create_clidriver

answers = sys.stdout
# One for all commands: it reads what it knows of the services once.
driver = create_clidriver()
for line in sys.stdin:
    words = shlex.split(json.loads(line))
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            rc = driver.main(words[1:])
        except SystemExit as ended:
            rc = ended.code
    answers.write(json.dumps({"rc": rc, "out": out.getvalue(), "err": err.getvalue()}) + "\n")
    answers.flush()
