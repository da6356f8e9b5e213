"""Computing days again, and deleting them."""

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap import analysis
from custom_components.openstrap.engine.insight.journal import JournalDay
from custom_components.openstrap.store import WearerStore
from custom_components.openstrap.sweep_view import SweepPhase

from ..frames import inners, minute
from ..stored_days import local
from . import TODAY, Ask, Store

pytestmark = pytest.mark.full

OLD = TODAY - timedelta(days=8)


async def frames_on(wearer: MockConfigEntry, day: date, hour: int) -> int:
    """Take in a minute of frames; gives its start."""
    start = int(local(day, hour))
    await wearer.runtime_data.async_ingest(inners(minute(start)))
    return start


async def test_days_are_computed_again(ask: Ask, stored: Store, wearer: MockConfigEntry) -> None:
    """Those that have a result; where frames are gone it stays."""
    await frames_on(wearer, OLD - timedelta(days=1), 8)
    while await stored(WearerStore.purge, OLD, ask.zone, everything=False):
        pass
    answer = await ask("recompute", start_date="2026-05-20", end_date="2026-06-30")
    assert answer["frames_gone"] == [(OLD - timedelta(days=1)).isoformat()]
    assert answer["days"] == [(OLD + timedelta(days=n)).isoformat() for n in range(9)]
    waiting = {dirty.day.isoformat() for dirty in await stored(WearerStore.dirty_days)}
    assert set(answer["days"]) <= waiting


async def test_nothing_is_deleted_without_a_word(ask: Ask, stored: Store) -> None:
    """The word is asked for, and the days still there."""
    data = {"before": TODAY.isoformat(), "what": "everything"}
    assert await ask.refused("purge", **data) == ("not_confirmed", {"name": "Ada"})
    assert (await ask.refused("purge", **data, confirm=False))[0] == "not_confirmed"
    tomorrow = data | {"before": "2026-06-11", "confirm": True}
    assert (await ask.refused("purge", **tomorrow))[0] == "day_in_future"
    assert len(await stored(WearerStore.known_days, date.min, date.max)) == 10


async def test_a_day_that_is_gone_fails_no_more(
    ask: Ask, stored: Store, wearer: MockConfigEntry
) -> None:
    """Nobody waits for it to be computed."""
    sweeper = wearer.runtime_data.sweeper
    await frames_on(wearer, OLD, 8)
    with patch.object(analysis, "derive_day", side_effect=ZeroDivisionError):
        await sweeper.async_sweep()
    failed = sweeper.failing_days
    assert failed
    assert sweeper.view.phase is SweepPhase.FAILING
    await ask("purge", before=TODAY, what="raw", confirm=True)
    assert sweeper.failing_days == failed, "the day is still there"
    await ask("purge", before=OLD - timedelta(days=5), what="everything", confirm=True)
    assert sweeper.failing_days == failed
    await ask("purge", before=TODAY, what="everything", confirm=True)
    assert sweeper.failing_days == 0
    assert sweeper.view.phase is not SweepPhase.FAILING
    assert sweeper.view.days_failing == 0


async def test_raw_frames_alone(ask: Ask, stored: Store, wearer: MockConfigEntry) -> None:
    """Results stay, and so does what the first kept day is derived from."""
    await frames_on(wearer, OLD, 8)
    kept = await frames_on(wearer, TODAY - timedelta(days=1), 22)
    answer = await ask("purge", before=TODAY, what="raw", confirm=True)
    assert answer == {"before": "2026-06-10", "what": "raw", "days_deleted": 0}
    assert (await stored(WearerStore.stats))["frames"] == 60
    assert len(list(await stored(lambda store: [*store.records(kept, kept + 60)]))) == 1
    assert len(await stored(WearerStore.known_days, date.min, date.max)) == 10
    again = await ask("ingest", frames=[minute(int(local(OLD, 8)))[0].hex()])
    assert again["new"] == 0, "what is gone does not come back"


async def test_everything(ask: Ask, stored: Store, wearer: MockConfigEntry) -> None:
    """Frames, minutes, results, workouts and journal of the days before, and nothing of the rest."""
    start = await frames_on(wearer, OLD, 8)
    await frames_on(wearer, TODAY, 8)
    span = (float(start), float(start + 600))
    now = local(TODAY, 12)
    await stored(lambda store: store.save_workout("old", span, None, now=now, tz=ask.zone))
    for day in (OLD, TODAY):
        await stored(WearerStore.write_journal, day, JournalDay(note=str(day)))
    answer = await ask("purge", before=TODAY.isoformat(), what="everything", confirm=True)
    assert answer["days_deleted"] == 9
    assert await stored(WearerStore.known_days, date.min, date.max) == [TODAY]
    assert list(await stored(WearerStore.journal, date.min, date.max)) == [TODAY]
    assert (await stored(WearerStore.told, *span)).workouts == ()
    assert (await stored(WearerStore.stats))["frames"] == 60
    assert len(await stored(WearerStore.minutes, start, start + 60)) == 0
    assert len(await stored(WearerStore.minutes, local(TODAY, 8), local(TODAY, 9))) == 1
    assert {dirty.day for dirty in await stored(WearerStore.dirty_days)} >= {TODAY}
    assert OLD not in {dirty.day for dirty in await stored(WearerStore.dirty_days)}


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"start_date": "2020-01-01"}, "range_too_long"),
    ({"start_date": "2026-06-11", "end_date": "2026-06-10"}, "range_backwards"),
]  # fmt: skip


async def test_mistakes(ask: Ask, stored: Store) -> None:
    """Each told by its name."""
    for data, key in MISTAKES:
        assert (await ask.refused("recompute", **data))[0] == key, data
