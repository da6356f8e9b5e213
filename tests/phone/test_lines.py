"""Minutes of stored days, and what came since."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from custom_components.openstrap.engine.training.track import Track
from custom_components.openstrap.ingest import ingest
from custom_components.openstrap.phone.lines import gaps, line_between, points, track_of
from custom_components.openstrap.store import WearerStore

from ..frames import inners, record
from ..stored_days import BERLIN, local, made_day, row_of, store_days

DAY = date(2026, 1, 14)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WearerStore]:
    """Give an empty file of a wearer."""
    with closing(WearerStore.open(tmp_path / "wearer.db")) as opened:
        yield opened


def take_in(store: WearerStore, start_ts: float, minutes: int, bpm: int) -> None:
    """Take in a record a second."""
    frames = inners([record(int(start_ts) + at, bpm) for at in range(60 * minutes)])
    ingest(store, frames, now=start_ts + 3600.0, tz=BERLIN)


def test_days_join_and_what_came_since_follows(store: WearerStore) -> None:
    """A stored day's own minutes hold; after the last of them the sums of minutes tell."""
    today = made_day(DAY)
    noon = local(DAY, 12)
    track = Track.from_dict(today.details["track"])
    track.hr_bpm[track.step_ts >= noon] = np.nan
    track.dyn_mg[track.minute_ts >= noon] = np.nan
    today = replace(today, details={"track": track.to_dict()})
    store_days(store, [made_day(DAY - timedelta(days=1)), today])
    take_in(store, noon - 300.0, 10, 99)
    line = line_between(store, local(DAY, 0) - 3600.0, noon + 3600.0, BERLIN)
    at = dict(zip(line.ts.tolist(), line.hr_bpm.tolist(), strict=True))
    assert len(at) == 14 * 60
    assert at[local(DAY, 0) - 60.0] == pytest.approx(70, abs=15)
    assert at[noon - 60.0] != 99.0
    assert [at[noon + 60.0 * later] for later in range(5)] == [99.0] * 5
    assert np.isnan(at[noon + 300.0])
    assert line.worn[line.ts < noon + 300.0].all()
    assert not line.worn[line.ts >= noon + 300.0].any()
    assert np.isnan(line.dyn_mg[line.ts >= noon]).all()
    assert np.isnan(line.steps).all()


def test_minutes_that_were_let_go_in_part_are_not_asked(
    store: WearerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left of them would be wrong."""
    start = local(DAY, 11)
    take_in(store, start, 10, 70)
    monkeypatch.setattr(store, "minutes_floor", lambda: start + 300.0)
    line = line_between(store, start, start + 600.0, BERLIN)
    assert np.isnan(line.hr_bpm[:5]).all()
    assert (line.hr_bpm[5:] == 70.0).all()


def test_an_unreadable_track_is_none() -> None:
    """Old results have none, and a damaged one is not shown."""
    row = row_of(made_day(DAY))
    assert track_of(row) is not None
    for details in ({}, {"track": "?"}, {"track": {"start": 1}}):
        assert track_of(replace(row, result={**row.result, "details": details})) is None


def test_points_keep_extremes() -> None:
    """At most so many, ascending, with the highest and the lowest."""
    ts = 60.0 * np.arange(5000, dtype=np.float64)
    values = np.sin(ts / 5000.0)
    values[1234], values[4321] = 9.0, -9.0
    found = points(ts, values, 240, 3)
    assert len(found) <= 240
    assert (int(ts[1234]), 9.0) in found
    assert (int(ts[4321]), -9.0) in found
    assert found == sorted(found)
    assert points(ts[:3], values[:3], 240) == [(0, 0), (60, 0), (120, 0)]


def test_gaps_lie_between_known_minutes() -> None:
    """Neither before the first nor after the last, and only long ones."""
    known = np.array([0, 1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0], dtype=bool)
    assert gaps(known, 2) == [(4, 7)]
    assert gaps(known, 3) == [(4, 7)]
    assert gaps(known, 4) == []
    assert gaps(np.zeros(3, dtype=bool), 1) == []
