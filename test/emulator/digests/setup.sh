#!/usr/bin/env bash
# Makes the environment in .venv-awscli with the AWS CLI, which judges chains of digests beside us. It brings its own botocore.
set -euo pipefail
cd "$(dirname "$0")/../../.."
[ -x .venv-awscli/bin/aws ] && exit 0
python3 -m venv .venv-awscli
.venv-awscli/bin/pip install --quiet --disable-pip-version-check awscli==1.46.3
