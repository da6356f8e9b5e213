"""Choose, run, print."""

import argparse
from collections.abc import Callable
from importlib.metadata import version
import json
import os
import platform
import sys
from typing import Final

from . import (
    backlog,
    decode,
    derive,
    drain,
    growth,
    night,
    phone,
    publish,
    real,
    store,
    sweeps,
    upload,
    weeks,
)
from .figure import Figure

BENCHMARKS: Final[dict[str, Callable[[], list[Figure]]]] = {
    "decode_bulk": decode.bulk,
    "decode_single": decode.single,
    "ingest": store.ingest_backlog,
    "http_ingest": real.http_ingest,
    "http_ingest_four": phone.http_ingest_four,
    "phone_reads": phone.phone_reads,
    "upload": upload.upload,
    "disk_per_day": store.disk_per_day,
    "derive_day": derive.derive,
    "night_metrics": night.metrics,
    "trends": night.trends,
    "growth": growth.growth,
    "start_up": real.start_up,
    "drain_day": drain.day,
    "drain_slow": drain.slow,
    "weeks": weeks.weeks,
    "backlog": backlog.backlog,
    "sweeps": sweeps.sweeps,
    "publish": publish.publish,
}


def machine() -> dict[str, object]:
    """Describe where it was measured, and how busy that was."""
    return {
        "python": platform.python_version(),
        "home_assistant": version("homeassistant"),
        "numpy": version("numpy"),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load_1min": round(os.getloadavg()[0], 2),
    }


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="script/benchmark", add_help=False)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*BENCHMARKS, []])
    names = parser.parse_args().names or list(BENCHMARKS)
    before = machine()
    figures = []
    for name in names:
        print(f"… {name}", file=sys.stderr, flush=True)
        figures += [figure.to_dict() for figure in BENCHMARKS[name]()]
    # One figure a line, so that two runs can be compared with diff.
    lines = ",\n".join(f"    {json.dumps(figure, ensure_ascii=False)}" for figure in figures)
    print(f'{{\n  "machine": {json.dumps(before)},\n  "figures": [\n{lines}\n  ]\n}}')
    return 0


if __name__ == "__main__":
    sys.exit(main())
