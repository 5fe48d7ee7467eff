#!/usr/bin/env bash
# Makes the Python environment in .venv-openapi that asks the server by its own description; after test/python.sh, which installs Python.
set -euo pipefail
cd "$(dirname "$0")/../../.."

wanted=$(cat test/interop/openapi/requirements.txt)
if [ "$(cat .venv-openapi/installed 2>/dev/null)" != "$wanted" ]; then
  rm -rf .venv-openapi
  python3 -m venv .venv-openapi
  .venv-openapi/bin/pip install --quiet --disable-pip-version-check --requirement test/interop/openapi/requirements.txt
  echo "$wanted" >.venv-openapi/installed
fi
