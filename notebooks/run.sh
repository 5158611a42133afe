#!/usr/bin/env bash
# Executes the notebooks in a virtual environment of their own (target/notebooks-venv), on the tables
# of a demo: those in TIDEGATE_DATA, else the folder of the tests' demo, else a demo run for it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
home=$(dirname "$here")
venv=$home/target/notebooks-venv
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "notebooks: Python 3.11 or newer is needed, found $("$python" --version 2>&1)" >&2
  exit 2
}
mkdir -p "$home/target"
if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
  rm -rf "$venv"
  "$python" -m venv "$venv"
  "$venv/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv/installed.txt"
fi

export TIDEGATE_DATA=${TIDEGATE_DATA:-$home/target/demo}
if [ ! -f "$TIDEGATE_DATA/catalog.db" ]; then
  "$home/tidegate" demo --dir "$TIDEGATE_DATA"
fi
cd "$here"
exec "$venv/bin/python" run_notebooks.py
