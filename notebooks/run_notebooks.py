"""Executes every numbered notebook; a chart without data is a failure."""

import json
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

CHART = "altair-viz-"
SPEC = '({"config"'


def problems_before(notebook):
    """What is wrong with a notebook as committed."""
    return [
        f"cell {i} has outputs: strip them before you commit"
        for i, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count)
    ]


def charts(notebook):
    """The Vega-Lite spec of every chart that was drawn."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html", "")
            if CHART in html:
                yield json.JSONDecoder().raw_decode(html, html.index(SPEC) + 1)[0]


def problems_after(notebook):
    """What is wrong with a notebook as executed."""
    found = list(charts(notebook))
    if not found:
        return ["no chart was drawn"]
    return [
        f"chart {i} has no data"
        for i, chart in enumerate(found)
        if not any(chart.get("datasets", {}).values())
    ]


def main(folder):
    passed, failed = 0, 0
    for path in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        problems = problems_before(notebook)
        started = time.monotonic()
        try:
            NotebookClient(
                notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
            ).execute()
            problems += problems_after(notebook)
        except Exception as error:  # whatever a cell raised
            problems.append(str(error))
        passed, failed = (passed + 1, failed) if not problems else (passed, failed + 1)
        print(f"{path.name}: {'ok' if not problems else 'FAILED'} in {time.monotonic() - started:.1f} s", flush=True)
        for problem in problems:
            print(f"  {problem}", file=sys.stderr, flush=True)
    print(f"notebooks: {passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
