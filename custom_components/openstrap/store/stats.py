"""Counts and sizes of a store, for diagnostics: nothing that tells of the wearer."""

from pathlib import Path
import sqlite3
from typing import Any, Final

from .examine import reason_text

_COUNTS: Final = {
    "hours": "SELECT count(DISTINCT hour) FROM blocks",
    "loose_hours": "SELECT count(*) FROM loose",
    "minutes": "SELECT count(*) FROM minutes",
    "events": "SELECT count(*) FROM events",
    "days": "SELECT count(*) FROM days",
    "provisional_days": "SELECT count(*) FROM days WHERE final = 0",
    "dirty_days": "SELECT count(*) FROM dirty",
    "unpublished_days": "SELECT count(*) FROM unpublished",
    "told": "SELECT count(*) FROM told",
    "imported_days": "SELECT count(DISTINCT day) FROM imported",
    "outside_hours": "SELECT count(*) FROM outside",
    "sealed_hours": "SELECT coalesce(sum(end - start), 0) FROM sealed",
}


def stats(conn: sqlite3.Connection, path: Path) -> dict[str, Any]:
    """Count what is stored, frames by the reason why they do or do not count."""
    frames, blocks, packed = conn.execute(
        "SELECT coalesce(sum(frames), 0), count(*), coalesce(sum(length(packed)), 0) FROM blocks"
    ).fetchone()
    reasons = conn.execute("SELECT reason, sum(frames) FROM blocks GROUP BY reason ORDER BY reason")
    counts = {name: conn.execute(query).fetchone()[0] for name, query in _COUNTS.items()}
    wal = path.with_name(f"{path.name}-wal")
    return {
        "frames": frames,
        "frames_by_reason": {reason_text(reason): count for reason, count in reasons},
        "blocks": blocks,
        "packed_bytes": packed,
        **counts,
        "file_bytes": path.stat().st_size,
        "journal_bytes": wal.stat().st_size if wal.exists() else 0,
    }
