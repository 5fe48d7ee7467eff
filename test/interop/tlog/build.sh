#!/usr/bin/env bash
# Builds Go's own transparency log as a judge of ours, from its module.
set -euo pipefail
cd "$(dirname "$0")"
if ! command -v go >/dev/null; then
  echo 'without Go there is no second opinion on the log: its test is left out' >&2
  exit 0
fi
[ tlog-test -nt main.go ] || go build -mod=mod -p 2 -o tlog-test .
