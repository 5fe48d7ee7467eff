#!/usr/bin/env bash
# Makes the Python environment in .venv-account that the tests of src/account need; after test/python.sh, which installs Python.
set -euo pipefail
cd "$(dirname "$0")/../.."

wanted=$(cat test/account/requirements.txt)
if [ "$(cat .venv-account/installed 2>/dev/null)" != "$wanted" ]; then
  rm -rf .venv-account
  python3 -m venv .venv-account
  # parliament still asks for pkg_resources, which newer setuptools have not.
  .venv-account/bin/pip install --quiet --disable-pip-version-check 'setuptools<81' --requirement test/account/requirements.txt
  echo "$wanted" >.venv-account/installed
fi
