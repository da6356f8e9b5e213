"""A whole night through the front door of a real Home Assistant."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
import json
from pathlib import Path
import random
from typing import Any

import aiohttp
import pytest

from custom_components.openstrap.engine.protocol.encode import battery_body, encode_event
from script.tools.home_assistant_client import Client, until
from script.tools.phones import EVENTS, Phones, add_phone_wearer, add_users, post_json
from script.tools.real_home_assistant import RealHomeAssistant

from .conftest import owner_of
from .night import Night, random_batches, shuffled_overlapping
from .tables import logical_content, settled

pytestmark = pytest.mark.e2e

PHONE_BATCH = 300  # records the phone app sends at once
SHOWN = ("rest_onset", "rest_offset", "rest_duration_min", "rmssd_ms", "resting_hr_bpm", "worn_min")
DERIVED_WITHIN = 120  # s after the last frame; 30 of them are the wait for more


async def numbers(client: Client, entry_id: str) -> dict[str, dict[str, Any]]:
    """State and attributes of the wearer's headline sensors, by metric."""
    entities = await client.entity_ids(entry_id)
    return {key: state for key in SHOWN if (state := await client.state(entities[key]))}


async def known_numbers(client: Client, entry_id: str) -> dict[str, dict[str, Any]]:
    """Wait until the night is there."""

    async def all_known() -> dict[str, dict[str, Any]] | None:
        found = await numbers(client, entry_id)
        unknown = [key for key in SHOWN if found[key]["state"] in {"unknown", "unavailable"}]
        return None if unknown else found

    return await until(all_known, timeout=DERIVED_WITHIN, pause=1)


def check_plausible(found: dict[str, dict[str, Any]], night: Night) -> None:
    """Judge the numbers of the night as a person would."""
    states = {key: state["state"] for key, state in found.items()}
    onset, offset = (datetime.fromisoformat(states[key]) for key in ("rest_onset", "rest_offset"))
    assert night.start_ts <= onset.timestamp() < offset.timestamp() <= night.end_ts
    minutes = (offset - onset).total_seconds() / 60
    assert 300 < minutes < 600
    assert found["rest_duration_min"]["attributes"]["unit_of_measurement"] == "h"
    assert float(states["rest_duration_min"]) == pytest.approx(minutes / 60, abs=0.02)
    low, high = night.rmssd_ms
    assert low <= float(states["rmssd_ms"]) <= high
    low, high = night.resting_hr_bpm
    assert low <= float(states["resting_hr_bpm"]) <= high
    assert 0 < float(states["worn_min"]) <= (night.end_ts - night.start_ts) / 3600 + 0.1
    for key, state in found.items():
        wrapping = state["attributes"]
        assert 0 < wrapping["confidence"] <= 1, key
        assert wrapping["tier"] in {"AUTH", "HIGH", "ESTIMATE", "RELATIVE"}, key


async def test_a_night_becomes_numbers_that_survive_a_restart(
    home: RealHomeAssistant, owner: Client, night: Night, artifacts: Path
) -> None:
    """Batches of 300, shuffled and overlapping, as phones push; then a restart."""
    batches = shuffled_overlapping(night.all, PHONE_BATCH, random.Random(1))
    users = await add_users(owner, len(batches), "night")
    entry = await add_phone_wearer(owner, "Night", users, birth_year=1990, sex="f")
    empty = await numbers(owner, entry)
    assert {state["state"] for state in empty.values()} == {"unknown"}
    assert {state["attributes"]["confidence"] for state in empty.values()} == {0}

    phones = Phones(users, entry)
    answers = await phones.push_all(batches, at_a_time=2)
    assert sum(answer["received"] for answer in answers) == sum(map(len, batches))
    # Each record was new exactly once, however often and in whatever order it came.
    assert sum(answer["new"] for answer in answers) == len(set(night.all))
    assert sum(answer["new"] + answer["duplicate"] for answer in answers) == sum(map(len, batches))
    assert not any(answer["rejected"] for answer in answers)
    end = int(night.end_ts)
    events = [
        encode_event(9, int(night.start_ts)),
        encode_event(3, end, body=battery_body(64.0, 3900, charging=False)),
    ]
    body = {"device_id": entry, "events": [event.hex() for event in events]}
    assert await post_json(users[0], EVENTS, body) == (
        200,
        {"total": 2, "stored": 2, "new": 2, "duplicate": 0, "rejected": {}},
    )

    first = await known_numbers(owner, entry)
    # For whoever wants to look at them.
    await asyncio.to_thread(
        (artifacts / "night.json").write_text, json.dumps(first, indent=2), "utf-8"
    )
    check_plausible(first, night)

    before = await settled(home, entry)
    home.restart()
    async with owner_of(home) as again:
        # Read from disk at once: no sweep has run and none was needed.
        second = await until(lambda: _ready(again, entry), timeout=20)
        assert {key: state["state"] for key, state in second.items()} == {
            key: state["state"] for key, state in first.items()
        }
        for key, state in second.items():
            assert state["attributes"] == first[key]["attributes"]
    assert logical_content(home, entry) == before
    assert not home.has_loaded("scipy")  # as it would be after an analysis


async def _ready(client: Client, entry: str) -> dict[str, dict[str, Any]] | None:
    found = await numbers(client, entry)
    return found if all(state["state"] != "unavailable" for state in found.values()) else None


async def test_once_or_five_times_shuffled_leaves_the_same_tables(
    home: RealHomeAssistant, night: Night
) -> None:
    """The same night once in order, and five times in any order and cut, on two wearers."""
    in_order = [night.all[at : at + 5000] for at in range(0, len(night.all), 5000)]
    mixed = list(random_batches(night.all, 5, random.Random(2)))
    async with owner_of(home) as owner:
        answers, entries, shown = {}, {}, {}
        # Two at a time, so that batches also meet inside Home Assistant.
        for name, batches in (("once", in_order), ("often", mixed)):
            users = await add_users(owner, len(batches), name)
            entries[name] = await add_phone_wearer(owner, name, users)
            phones = Phones(users, entries[name])
            answers[name] = await phones.push_all(batches, at_a_time=2, compress=True)
            assert sum(answer["new"] for answer in answers[name]) == len(set(night.all))
        for name, entry in entries.items():
            shown[name] = await known_numbers(owner, entry)
            await settled(home, entry)
    home.stop()
    try:
        once, often = (logical_content(home, entry) for entry in entries.values())
    finally:
        home.start()
    assert len(once["minutes"]) >= (night.end_ts - night.start_ts) / 60 - 2
    assert once == often
    for key in SHOWN:
        assert shown["once"][key]["state"] == shown["often"][key]["state"]
        assert (
            shown["once"][key]["attributes"]["confidence"]
            == (shown["often"][key]["attributes"]["confidence"])
        )


async def test_kill_9_during_ingest_loses_nothing_and_counts_nothing_twice(
    home: RealHomeAssistant, night: Night
) -> None:
    """Kill it three times between two answers, push everything again, compare with a quiet run."""
    batches = shuffled_overlapping(night.all, 500, random.Random(3))
    async with owner_of(home) as owner:
        users = await add_users(owner, len(batches), "crash")
        quiet = await add_phone_wearer(owner, "Quiet", users)
        crashed = await add_phone_wearer(owner, "Crashed", users)
        await Phones(users, quiet).push_all(batches, compress=True)
        tokens = [user.token for user in users]

    acknowledged: list[list[bytes]] = []
    rest = iter(batches)
    for power_cut in (0.2, 0.4, 0.6):
        home.restart()  # every user's allowance is full again
        async with owner_of(home) as owner:
            phones = Phones([owner.as_user(token) for token in tokens], crashed)
            await _push_until_killed(
                home, phones, rest, acknowledged, round(power_cut * len(batches))
            )
    assert 0 < len(acknowledged) < len(batches)

    home.start()
    async with owner_of(home) as owner:
        users = [owner.as_user(token) for token in tokens]
        # What was answered with 200 was on disk, though nothing was closed properly.
        kept = await Phones(users, crashed).push_all(acknowledged, compress=True)
        assert sum(answer["new"] for answer in kept) == 0
    home.restart()
    async with owner_of(home) as owner:
        users = [owner.as_user(token) for token in tokens]
        await Phones(users, crashed).push_all(batches, compress=True)
        # The quiet one got its last frames before the restarts, and is worked out all the same.
        for entry in (quiet, crashed):
            await known_numbers(owner, entry)
            await settled(home, entry)
    home.stop()
    try:
        assert logical_content(home, crashed) == logical_content(home, quiet)
    finally:
        home.start()


async def _push_until_killed(
    home: RealHomeAssistant,
    phones: Phones,
    batches: Iterator[list[bytes]],
    acknowledged: list[list[bytes]],
    kill_at: int,
) -> None:
    """Push on three connections, and cut the power while the others are being answered."""

    async def push() -> None:
        for batch in batches:
            await phones.push(batch, compress=True)
            acknowledged.append(batch)

    async def cut() -> None:
        while len(acknowledged) < kill_at:
            await asyncio.sleep(0.001)
        home.kill()

    outcome = await asyncio.gather(cut(), push(), push(), push(), return_exceptions=True)
    assert outcome[0] is None
    # Whatever was under way got no answer; nothing else went wrong.
    assert all(isinstance(error, aiohttp.ClientError) for error in outcome[1:]), outcome
