"""What end-to-end tests measure, for people."""

import json
from pathlib import Path


class Figures:
    """What was measured, for people: printed, and kept beside the pictures."""

    def __init__(self, folder: Path, of: str) -> None:
        """Take the folder, and whose figures they are: files of tests run beside each other."""
        self.folder = folder
        self._file = folder / f"{of}_figures.json"

    def note(self, **figures: float | str) -> None:
        """Add some."""
        known = json.loads(self._file.read_text()) if self._file.exists() else {}
        rounded = {
            name: round(value, 3) if isinstance(value, float) else value
            for name, value in figures.items()
        }
        self._file.write_text(json.dumps(known | rounded, indent=2) + "\n")
        for name, value in rounded.items():
            print(f"{name}: {value}")  # noqa: T201  # for people
