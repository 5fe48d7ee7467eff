#!/usr/bin/env bash
# Lays out an OpenSearch node from its modules (45 MB) for the tests of deliveries, once.
set -euo pipefail
cd "$(dirname "$0")"
if ! command -v javac >/dev/null || ! command -v mvn >/dev/null; then
  echo 'without a JDK and Maven there is no OpenSearch: its tests are left out' >&2
  exit 0
fi
if [ ! lib/complete -nt pom.xml ]; then
  rm -rf lib
  mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib
  touch lib/complete
fi
[ classes/Start.class -nt Start.java ] || javac -cp 'lib/*' -d classes Start.java
