"""What a wearer tells: journal, nights and naps."""

from typing import Any

import pytest

from custom_components.openstrap.engine.insight.journal import JournalDay
from custom_components.openstrap.store import WearerStore

from ..stored_days import local
from . import TODAY, Ask, Store

pytestmark = pytest.mark.full

NIGHT = {"start": "2026-06-09 23:30:00", "end": "2026-06-10 06:30:00"}


async def test_the_journal_grows(ask: Ask, stored: Store) -> None:
    """Words are added, numbers take the newest, and a note stays unless there is another."""
    await ask("log_journal", tags=["Late meal"], numbers={"caffeine": 80}, note="first")
    answer = await ask("log_journal", tags=["alcohol"], numbers={"caffeine": 160, "mood": 3})
    assert answer == {
        "day": "2026-06-10",
        "tags": ["alcohol", "late meal"],
        "numbers": {"caffeine": 160.0, "mood": 3.0},
        "note": "first",
    }
    entries = await stored(WearerStore.journal, TODAY, TODAY)
    assert entries[TODAY].to_dict().items() <= answer.items()


async def test_the_journal_is_replaced_and_deleted(ask: Ask, stored: Store) -> None:
    """By what is given, also by nothing; another day than today too."""
    await stored(WearerStore.write_journal, TODAY, JournalDay(frozenset({"sick"}), note="x"))
    answer = await ask("log_journal", tags="stress", replace=True, date="2026-06-10")
    assert (answer["tags"], answer["note"]) == (["stress"], "")
    await ask("log_journal", replace=True)
    assert await stored(WearerStore.journal, TODAY, TODAY) == {}
    assert (await ask("log_journal", tags="travel", date="2026-06-01"))["day"] == "2026-06-01"


async def test_a_night_is_corrected_and_taken_back(ask: Ask, stored: Store) -> None:
    """By local times; the store keeps them, and the days wait to be derived."""
    answer = await ask("edit_sleep", date="2026-06-10", **NIGHT)
    assert answer["start"] == "2026-06-09T23:30:00+02:00"
    assert (answer["day"], answer["restored"]) == ("2026-06-10", False)
    span = (local(TODAY, 0), local(TODAY, 7))
    told = await stored(WearerStore.told, *span)
    assert [edit.day for edit in told.sleep_edits] == [TODAY]
    assert TODAY in [dirty.day for dirty in await stored(WearerStore.dirty_days)]
    answer = await ask("edit_sleep", date="2026-06-10", restore=True)
    assert answer == {"day": "2026-06-10", "restored": True}
    assert (await stored(WearerStore.told, *span)).sleep_edits == ()


async def test_a_nap_that_was_none(ask: Ask, stored: Store) -> None:
    """And is one again."""
    span = (local(TODAY, 9), local(TODAY, 10))
    answer = await ask("reject_nap", start="2026-06-10 09:00:00", end="2026-06-10 10:00:00")
    assert (answer["start_ts"], answer["end_ts"]) == span
    assert (await stored(WearerStore.told, *span)).rejected_naps == (span,)
    await ask("reject_nap", date="2026-06-10", restore=True)
    assert (await stored(WearerStore.told, *span)).rejected_naps == ()


MISTAKES: list[tuple[str, dict[str, Any], str]] = [
    ("log_journal", {"date": "2026-06-11"}, "day_in_future"),
    ("log_journal", {"tags": [f"tag {n}" for n in range(25)]}, "too_many_tags"),
    ("log_journal", {"numbers": {"mood": 6}}, "journal_number"),
    ("log_journal", {"numbers": {" ": 6}}, "journal_number"),
    ("edit_sleep", {"date": "2026-06-10"}, "field_missing"),
    ("edit_sleep", NIGHT, "field_missing"),
    ("edit_sleep", {"date": "2026-06-09", **NIGHT}, "told_outside_day"),
    ("edit_sleep", {"date": "2026-06-10", **NIGHT, "end": "2026-06-10 13:00:00"}, "told_in_future"),
    ("reject_nap", {"restore": True}, "field_missing"),
    ("reject_nap", {"start": NIGHT["end"], "end": NIGHT["start"]}, "told_end_before_start"),
    # They look like times, and there are none such.
    ("reject_nap", {"start": "2026-02-30 10:00:00", "end": NIGHT["end"]}, "not_a_time"),
    ("reject_nap", {"start": NIGHT["start"], "end": "2026-06-10 25:00:00"}, "not_a_time"),
    ("reject_nap", {"start": "0001-01-01 00:00:00", "end": NIGHT["end"]}, "not_a_time"),
    ("edit_sleep", {"date": "9999-12-31", "restore": True}, "not_a_date"),
    ("edit_sleep", {"date": "0001-01-01", "restore": True}, "not_a_date"),
]  # fmt: skip


async def test_mistakes(ask: Ask, stored: Store) -> None:
    """Each told by its name."""
    for action, data, key in MISTAKES:
        assert (await ask.refused(action, **data))[0] == key, data


async def test_tags_add_up_to_no_more_than_fit(ask: Ask, stored: Store) -> None:
    """Of the twenty-fifth, none is dropped without a word."""
    await ask("log_journal", tags=[f"tag {n}" for n in range(24)])
    assert await ask.refused("log_journal", tags=["more"]) == ("too_many_tags", {"most": "24"})
    assert len((await stored(WearerStore.journal, TODAY, TODAY))[TODAY].tags) == 24
