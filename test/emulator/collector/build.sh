#!/usr/bin/env bash
# Builds the OpenTelemetry collector that the tests of deliveries send to, from its modules. It takes some minutes, once.
set -euo pipefail
cd "$(dirname "$0")"
if ! command -v go >/dev/null; then
  echo 'without Go there is no collector: its tests are left out' >&2
  exit 0
fi
[ otelcol-test -nt main.go ] || go build -mod=mod -p 2 -o otelcol-test .
