"""Check the repository: `python -m script.tools.hassfest [FOLDER]`."""

from pathlib import Path
import sys

from . import faults_of


def main() -> int:
    """Print the faults; 1 when there are any."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[3]
    faults = faults_of(root)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
