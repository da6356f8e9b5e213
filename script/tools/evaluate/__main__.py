"""Tell what each path is, run its adapter, print what came out, and write the page of it."""

from argparse import ArgumentParser
import csv
import json
from pathlib import Path
import sys
from typing import Any, Final

from . import (
    bidmc,
    fitabase,
    lifesnaps_daily,
    mmash,
    protocol_cases,
    resp_rsa_lab,
    rhythm_rr,
    rr_24h,
    sleep_accel,
    steps_phone_arm,
    steps_sensorwatch,
    stress_e4,
    whoop_export,
    whoop_real_night,
    workouts_fit,
)
from .page import page
from .page_tables import UNPUBLISHED
from .tables import UnknownFormat

BAD_INPUT: Final = 2
ADAPTERS: Final = (
    sleep_accel,
    mmash,
    stress_e4,
    rr_24h,
    rhythm_rr,
    bidmc,
    resp_rsa_lab,
    whoop_real_night,
    workouts_fit,
    steps_sensorwatch,
    steps_phone_arm,
    fitabase,
    lifesnaps_daily,
    whoop_export,
)
"""In this order: the last one looks into folders within the folder as well."""
VECTORS: Final = "*.jsonl"
"""Vectors of the wire protocol: one JSON object a line, with these keys."""
VECTOR_KEYS: Final = {"id", "kind", "expect"}
UNSHOWN: Final = ("path", "per_", "by_group", "notes")
"""How keys begin that tell of a place, of single subjects, of people by their names, or no figure."""


def main(arguments: list[str]) -> int:
    """Evaluate every path; 2 when one was of no known format."""
    parser = ArgumentParser(prog="script/evaluate", description=__doc__)
    parser.add_argument("paths", nargs="+", metavar="path", help="a folder or file of a recording")
    parser.add_argument(
        "--page",
        type=Path,
        metavar="FILE",
        help="write the page about accuracy, and beside it the figures it was written from",
    )
    asked = parser.parse_args(arguments)
    status, results = 0, []
    for argument in asked.paths:
        try:
            result = evaluate(Path(argument))
        except (OSError, EOFError, ValueError, KeyError, csv.Error) as error:
            reason = f"{type(error).__name__}: {error}"
            result = {"error": str(error) if isinstance(error, UnknownFormat) else reason}
            status = BAD_INPUT
        shown = {"path": argument} | {key: rounded(value) for key, value in result.items()}
        shown |= {"path": argument}
        results.append(shown)
        print(json.dumps(shown, allow_nan=False), flush=True)
    if asked.page is not None and not status:
        write_page(asked.page, results)
    return status


def write_page(file: Path, results: list[dict[str, Any]]) -> None:
    """Write the page and, under the same name as JSON, its figures without where they came from.

    Rows of single people and recordings stay away, and what comes from private exports whole.
    """
    kept = [
        {key: value for key, value in result.items() if not key.startswith(UNSHOWN)}
        for result in results
        if result["format"] not in UNPUBLISHED
    ]
    text = page(kept)
    file.with_suffix(".json").write_text(
        json.dumps(kept, indent=1, allow_nan=False) + "\n", encoding="utf-8"
    )
    file.write_text(text, encoding="utf-8")


def evaluate(path: Path) -> dict[str, Any]:
    """Run the adapter that knows the path."""
    if not path.exists():
        raise UnknownFormat("no such file or folder")
    vectors = _vectors(path)
    if vectors is not None:
        return {"format": "protocol_cases"} | protocol_cases.evaluate(vectors)
    for adapter in ADAPTERS:
        if adapter.knows(path):
            found: dict[str, Any] = adapter.evaluate(path)
            return {"format": adapter.__name__.rpartition(".")[2]} | found
    raise UnknownFormat("holds no recording of a known format")


def rounded(value: Any) -> Any:
    """Round the numbers in a result to six decimals."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return value


def _vectors(path: Path) -> Path | None:
    """Return the file of protocol vectors that the path is or has."""
    files = sorted(path.glob(VECTORS)) if path.is_dir() else [path]
    for file in files:
        if not file.match(VECTORS):
            continue
        with file.open(encoding="utf-8") as text:
            first = next((line for line in text if line.strip()), "")
        try:
            case = json.loads(first)
        except ValueError:
            continue
        if isinstance(case, dict) and case.keys() >= VECTOR_KEYS:
            return file
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
