#!/usr/bin/env bash
# Builds gitleaks as a judge of our scanner of secrets, from its module.
set -euo pipefail
cd "$(dirname "$0")"
if ! command -v go >/dev/null; then
  echo 'without Go there is no second opinion on secrets: its test is left out' >&2
  exit 0
fi
[ gitleaks-test -nt main.go ] || go build -mod=mod -p 2 -o gitleaks-test .
