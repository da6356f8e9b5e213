"""Fail when a module is tested too little: `python -m script.tools.coverage_floor FILE`.

FILE is what `coverage json` writes. An average would let one module hide behind the others.
"""

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
import sys
from typing import Any, Final

FLOOR_PERCENT: Final = 95.0
"""Lines and branches of every module; what the quality scale of Home Assistant asks for."""
FLOW_PERCENT: Final = 100.0
"""Of everything that a user is led through when adding or changing a wearer."""
FLOWS: Final = ("config_flow.py", "band_flow.py", "options_flow.py", "phone_flow.py")


def too_low(report: Mapping[str, Any]) -> Iterator[str]:
    """Give the modules below their floor, a line each, the lowest first."""
    files = report["files"]
    for name in sorted(files, key=lambda one: files[one]["summary"]["percent_covered"]):
        found = files[name]["summary"]["percent_covered"]
        floor = FLOW_PERCENT if Path(name).name in FLOWS else FLOOR_PERCENT
        if found < floor:
            lines = ", ".join(str(line) for line in files[name]["missing_lines"][:10])
            yield f"{name}: {found:.1f} %, at least {floor:g} % wanted; not run: {lines}"


def main() -> int:
    """Print what is too low; 1 when anything is, or when nothing was measured."""
    report = json.loads(Path(sys.argv[1]).read_text())
    faults = list(too_low(report)) if report["files"] else ["nothing was measured"]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
