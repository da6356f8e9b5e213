"""Tell what each path is, run its adapter, print what came out."""

import csv
import json
from pathlib import Path
import sys
from typing import Any, Final

from . import protocol_cases, rr_24h, whoop_real_night
from .tables import UnknownFormat

BAD_INPUT: Final = 2
VECTORS: Final = "*.jsonl"
"""Vectors of the wire protocol: one JSON object a line, with these keys."""
VECTOR_KEYS: Final = {"id", "kind", "expect"}


def main(arguments: list[str]) -> int:
    """Evaluate every path; 2 when one was of no known format."""
    status = 0
    for argument in arguments:
        try:
            result = evaluate(Path(argument))
        except (OSError, EOFError, ValueError, KeyError, csv.Error) as error:
            reason = f"{type(error).__name__}: {error}"
            result = {"error": str(error) if isinstance(error, UnknownFormat) else reason}
            status = BAD_INPUT
        shown = {"path": argument} | {key: rounded(value) for key, value in result.items()}
        print(json.dumps(shown | {"path": argument}, allow_nan=False), flush=True)
    return status


def evaluate(path: Path) -> dict[str, Any]:
    """Run the adapter that knows the path."""
    if not path.exists():
        raise UnknownFormat("no such file or folder")
    vectors = _vectors(path)
    if vectors is not None:
        return protocol_cases.evaluate(vectors)
    for adapter in (rr_24h, whoop_real_night):
        if adapter.knows(path):
            result: dict[str, Any] = adapter.evaluate(path)
            return result
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
