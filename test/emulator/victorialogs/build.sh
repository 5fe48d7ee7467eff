#!/usr/bin/env bash
# Builds VictoriaLogs, a store that the tests of deliveries send to and then ask what is there. It takes some minutes, once.
set -euo pipefail
cd "$(dirname "$0")"
if ! command -v go >/dev/null; then
  echo 'without Go there is no VictoriaLogs: its tests are left out' >&2
  exit 0
fi
[ victoria-logs -nt build.sh ] ||
  GOBIN=$PWD go install -p 2 github.com/VictoriaMetrics/VictoriaLogs/app/victoria-logs@v1.52.2
