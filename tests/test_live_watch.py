"""A wearer's present: judged when records came, shown, told, and remembered over a restart."""

from datetime import UTC, date, datetime, timedelta
import json
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap import live_look, live_watch
from custom_components.openstrap.engine.sleep.watch import GAP_S, SleepWatch
from custom_components.openstrap.engine.training.going import Going
from custom_components.openstrap.engine.training.workout_rules import FORGOTTEN_S
from custom_components.openstrap.happenings import HappeningKind
from custom_components.openstrap.live_look import CURSOR
from custom_components.openstrap.live_view import LiveStage
from custom_components.openstrap.store import StoreError, WearerStore

from .bedroom import MIN, OFFSET, ONSET, Bedroom, evening
from .frames import inners, minute

pytestmark = pytest.mark.full


@pytest.fixture
async def bedroom(
    home: HomeAssistant, wearer: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> Bedroom:
    """Give a wearer an hour before they fall asleep, with the records of the two hours before."""
    return await evening(home, wearer, freezer)


async def cursor(room: Bedroom) -> SleepWatch:
    """Read what is remembered."""
    text = await room.coordinator.worker.async_run(WearerStore.cursor, CURSOR)
    assert text is not None
    return SleepWatch.from_dict(json.loads(text))


async def test_before_records_came_nothing_is_known(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """And it is said why; a band is not needed for the entities."""
    await home.async_block_till_done(wait_background_tasks=True)
    for name in ("asleep", "in_bed", "workout"):
        state = home.states.get(f"binary_sensor.ada_{name}")
        assert state is not None
        assert state.state == "unknown"
        assert state.attributes["note"] == "no_recent_data"
        assert (state.attributes["since"], state.attributes["confidence"]) == (None, 0.0)
    state = home.states.get("sensor.ada_sleep_stage_now")
    assert state is not None
    assert (state.state, state.attributes["note"]) == ("unknown", "no_recent_data")


async def test_awake_in_the_evening(bedroom: Bedroom) -> None:
    """The newest moment is judged, which is that of the newest record."""
    state, attributes = bedroom.shown("binary_sensor.asleep")
    assert state == "off"
    assert attributes["confidence"] > 0.3
    as_of = dt_util.parse_datetime(attributes["as_of"])
    assert as_of is not None
    assert as_of.timestamp() == pytest.approx(ONSET - 58 * MIN, abs=2)
    assert bedroom.shown("binary_sensor.in_bed")[0] == "off"
    assert bedroom.shown("binary_sensor.workout")[0] == "off"
    assert bedroom.shown("sensor.sleep_stage_now")[0] == LiveStage.AWAKE


@pytest.mark.full
async def test_a_night_is_told_as_it_goes(bedroom: Bedroom) -> None:
    """Fell asleep, slept on over a restart and a long gap, woke up with the night's numbers."""
    await bedroom.live(ONSET + 25 * MIN)
    state, attributes = bedroom.shown("binary_sensor.asleep")
    assert state == "on"
    since = dt_util.parse_datetime(attributes["since"])
    assert since is not None
    assert since.timestamp() == pytest.approx(ONSET, abs=10 * MIN)
    assert bedroom.shown("binary_sensor.in_bed")[0] == "on"
    assert bedroom.shown("sensor.sleep_stage_now")[0] in {"light", "deep", "rem"}
    [fell] = bedroom.told(HappeningKind.FELL_ASLEEP)
    assert fell.ts == pytest.approx(since.timestamp(), abs=0.01)
    assert not fell.late
    assert fell.data == {"day": "2026-01-15", "happened_at": attributes["since"]}

    assert await bedroom.home.config_entries.async_reload(bedroom.entry.entry_id)
    bedroom.coordinator.happenings.async_listen(bedroom.happened.append)
    await bedroom.home.async_block_till_done(wait_background_tasks=True)
    assert bedroom.shown("binary_sensor.asleep")[0] == "on", "known before a record came"

    # Out of reach until shortly before the morning; then all of it at once.
    await bedroom.at(OFFSET - 20 * MIN)
    assert bedroom.shown("binary_sensor.asleep")[0] == "unknown"
    assert bedroom.until is not None
    with patch.object(live_watch, "look", wraps=live_look.look) as looked:
        for start in range(int(bedroom.until), int(OFFSET - 20 * MIN), 1800):
            await bedroom.ingest(start, min(start + 1800, OFFSET - 20 * MIN))
    assert looked.call_count <= 2, "a drain is judged at its end"
    await bedroom.at(OFFSET - 18 * MIN)
    assert bedroom.shown("binary_sensor.asleep")[0] == "on"
    await bedroom.live(OFFSET + 26 * MIN)
    assert len(bedroom.told(HappeningKind.FELL_ASLEEP)) == 1
    [woke] = bedroom.told(HappeningKind.WOKE_UP)
    assert woke.ts == pytest.approx(OFFSET, abs=4 * MIN)
    assert not woke.late
    assert woke.data["sleep_min"] == pytest.approx((OFFSET - ONSET) / MIN, abs=60)
    assert woke.data["day"] == "2026-01-15"
    assert woke.data["provisional"] is True
    assert woke.data["recovery"] is None, "one night is no baseline"
    assert bedroom.shown("binary_sensor.asleep")[0] == "off"
    assert (await cursor(bedroom)).asleep is False


@pytest.mark.full
async def test_a_waking_has_its_night_scored_at_once(bedroom: Bedroom) -> None:
    """Though records never pause; a recovery that is known is told with it."""
    await bedroom.live(ONSET + 25 * MIN)
    await bedroom.at(OFFSET - 10 * MIN)
    assert bedroom.until is not None
    await bedroom.bring(bedroom.until, OFFSET - 10 * MIN)
    await bedroom.live(OFFSET + 10 * MIN)
    scored: list[float] = []
    score = bedroom.coordinator.sweeper.async_score

    async def watch(day: date) -> None:
        assert not bedroom.told(HappeningKind.WOKE_UP), "the numbers come first"
        await score(day)
        scored.append(dt_util.utcnow().timestamp())

    with patch.object(bedroom.coordinator.sweeper, "async_score", watch):
        await bedroom.live(OFFSET + 26 * MIN, step=2 * MIN)
    [woke] = bedroom.told(HappeningKind.WOKE_UP)
    assert len(scored) == 1
    assert woke.data["sleep_min"] is not None
    assert scored[0] - OFFSET <= 20 * MIN


@pytest.mark.full
async def test_a_score_that_does_not_come_keeps_no_waking_back(bedroom: Bedroom) -> None:
    """It is told without numbers."""
    await bedroom.live(ONSET + 25 * MIN)
    with patch.object(bedroom.coordinator.sweeper, "_async_sweep", side_effect=StoreError("full")):
        await bedroom.at(OFFSET - 10 * MIN)
        assert bedroom.until is not None
        await bedroom.bring(bedroom.until, OFFSET - 10 * MIN)
        await bedroom.live(OFFSET + 26 * MIN)
    [woke] = bedroom.told(HappeningKind.WOKE_UP)
    assert (woke.data["sleep_min"], woke.data["recovery_band"]) == (None, None)


async def test_data_that_stop_leave_nothing_known(bedroom: Bedroom) -> None:
    """After half an hour, without another record; the reason says so."""
    await bedroom.at(ONSET - 58 * MIN + GAP_S - 10)
    assert bedroom.shown("binary_sensor.asleep")[0] == "off"
    await bedroom.at(ONSET - 58 * MIN + GAP_S + 10)
    for name in ("asleep", "in_bed", "workout"):
        state, attributes = bedroom.shown(f"binary_sensor.{name}")
        assert (state, attributes["note"]) == ("unknown", "no_recent_data")
    assert bedroom.shown("sensor.sleep_stage_now")[0] == "unknown"
    assert not bedroom.happened


async def test_at_most_one_look_a_minute(bedroom: Bedroom) -> None:
    """Whatever the pace of the records; the last of them is judged all the same."""
    assert bedroom.until is not None
    start = bedroom.until
    with patch.object(live_watch, "look", wraps=live_look.look) as looked:
        for second in range(0, 120, 10):
            await bedroom.at(start + second + 10)
            await bedroom.ingest(start + second, start + second + 10)
        await bedroom.at(start + 181)
        await bedroom.at(start + 250)
    assert 2 <= looked.call_count <= 4
    judged = [call.args[1].watch.known_ts for call in looked.call_args_list]
    assert judged == sorted(judged)
    assert (await cursor(bedroom)).known_ts is not None


async def test_the_same_is_not_written_every_minute(bedroom: Bedroom) -> None:
    """The recorder keeps every state: the moment that was judged moves in steps."""
    assert bedroom.until is not None
    with patch.object(bedroom.coordinator, "async_show_live") as show:
        await bedroom.live(bedroom.until + 2 * MIN, step=2 * MIN)
        assert not show.called
        await bedroom.live(bedroom.until + 4 * MIN, step=2 * MIN)
        assert show.called


async def test_old_records_are_not_the_present(
    home: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Nor are those of a clock that is ahead, and a host without a clock tells nothing."""
    room = Bedroom(home, loaded, freezer)
    now = datetime(2026, 1, 15, 15, tzinfo=UTC).timestamp()
    await room.at(now)
    await room.coordinator.async_ingest(inners(minute(int(now) - 3600)))
    with patch.object(live_watch, "look", wraps=live_look.look) as looked:
        await room.at(now + 5)
    assert not looked.called
    await room.coordinator.async_ingest(inners(minute(int(now) + 200)))
    await room.at(now + 120)
    assert room.coordinator.data.live.at_ts is None
    held = live_look.Held(SleepWatch(), SleepWatch(), room.coordinator.data.live)
    seen = await room.coordinator.worker.async_run(
        live_look.look,
        held,
        now=10.0,
        zone=UTC,
        profile=room.coordinator.sweeper.profile,
    )
    assert seen == live_look.Seen(held)


async def test_what_makes_no_sense_is_begun_anew(bedroom: Bedroom) -> None:
    """A cursor of another version, or none of ours."""
    worker = bedroom.coordinator.worker
    for text in ("{}", "nonsense", '{"known_ts": "x"}'):
        await worker.async_run(WearerStore.set_cursor, CURSOR, text)
        held = await worker.async_run(live_look.load, now=ONSET)
        assert held.watch == SleepWatch()


async def test_a_look_that_fails_is_told_once_and_tried_again(
    bedroom: Bedroom, caplog: pytest.LogCaptureFixture
) -> None:
    """The next one comes with the next records."""
    assert bedroom.until is not None
    until = bedroom.until
    with patch.object(live_watch, "look", side_effect=ZeroDivisionError):
        await bedroom.live(until + 15 * MIN)
    assert caplog.text.count("The present could not be judged") == 1
    await bedroom.live(until + 20 * MIN)
    assert bedroom.coordinator.data.live.at_ts == pytest.approx(until + 20 * MIN, abs=2)


async def test_a_workout_that_was_begun_by_hand(bedroom: Bedroom) -> None:
    """Shown and told at once, once, also without records; ended by hand it is over."""
    run = bedroom.coordinator.worker.async_run
    now = ONSET - 50 * MIN
    await bedroom.at(now)
    await run(WearerStore.start_workout, "w1", now - 60, "run", now=now, tz=UTC)
    await bedroom.coordinator._async_take_results()
    await bedroom.at(now + 61)
    state, attributes = bedroom.shown("binary_sensor.workout")
    assert state == "on"
    started = dt_util.utc_from_timestamp(now - 60).isoformat()
    assert attributes["since"] == started
    [told] = bedroom.told(HappeningKind.WORKOUT_STARTED)
    assert told.data == {"start": started, "kind": "run"}
    await run(WearerStore.end_workout, "w1", now + 100, now=now + 100, tz=UTC)
    await bedroom.coordinator._async_take_results()
    await bedroom.at(now + 200)
    assert bedroom.shown("binary_sensor.workout")[0] == "off"
    assert len(bedroom.told(HappeningKind.WORKOUT_STARTED)) == 1


async def test_a_workout_of_which_nothing_more_is_heard(bedroom: Bedroom) -> None:
    """Seen in the heart rate it goes on only while there are records."""
    assert bedroom.until is not None
    last = bedroom.until + 5 * MIN
    going = Going(last - 20 * MIN, None, told=False)
    with patch.object(live_look, "_effort", return_value=going):
        await bedroom.live(last)
        # The days of these records are computed, which has the present looked at once more.
        await bedroom.at(last + 150)
        assert bedroom.shown("binary_sensor.workout")[0] == "on"
        await bedroom.at(last + GAP_S - 10)
        assert bedroom.shown("binary_sensor.workout")[0] == "on", "a drain may be late"
        await bedroom.at(last + GAP_S + 10)
        await bedroom.at(last + GAP_S + 80)
    assert bedroom.shown("binary_sensor.workout")[0] == "unknown"


async def test_a_workout_that_nobody_ends(bedroom: Bedroom) -> None:
    """Begun by hand and forgotten, while no record comes: after six hours it is over."""
    run = bedroom.coordinator.worker.async_run
    now = ONSET - 50 * MIN
    await bedroom.at(now)
    await run(WearerStore.start_workout, "w1", now, "run", now=now, tz=UTC)
    bedroom.coordinator.async_workout_told()
    await bedroom.home.async_block_till_done(wait_background_tasks=True)
    await bedroom.at(now + 300 * MIN)
    assert bedroom.shown("binary_sensor.workout")[0] == "on"
    await bedroom.at(now + FORGOTTEN_S + 10)
    await bedroom.at(now + FORGOTTEN_S + 80)
    assert bedroom.shown("binary_sensor.workout")[0] == "unknown"


async def test_a_doze_gives_its_key_back(bedroom: Bedroom) -> None:
    """So the night that is still to come is told."""
    from custom_components.openstrap.engine.sleep.watch import Transition, TransitionKind

    watch = live_watch.LiveWatch(bedroom.home, bedroom.coordinator)
    fell = Transition(TransitionKind.FELL_ASLEEP, ONSET - 70 * MIN)
    await watch._async_tell(fell)
    await watch._async_tell(fell)
    assert len(bedroom.told(HappeningKind.FELL_ASLEEP)) == 1
    await watch._async_tell(Transition(TransitionKind.DOZED, ONSET - 60 * MIN, fell.ts))
    await watch._async_tell(Transition(TransitionKind.FELL_ASLEEP, ONSET - 59 * MIN))
    assert len(bedroom.told(HappeningKind.FELL_ASLEEP)) == 2


async def test_an_hour_up_in_the_night_does_not_use_up_the_morning(bedroom: Bedroom) -> None:
    """Asleep, up for long, asleep again, up in the morning: all four are told."""
    from custom_components.openstrap.engine.sleep.watch import Transition, TransitionKind

    watch = live_watch.LiveWatch(bedroom.home, bedroom.coordinator)
    kinds = (TransitionKind.FELL_ASLEEP, TransitionKind.WOKE_UP)
    await bedroom.at(ONSET + 480 * MIN)
    with patch.object(watch, "_async_score"):
        for at, kind in zip((0, 180, 240, 480), kinds * 2, strict=True):
            await watch._async_tell(Transition(kind, ONSET + at * MIN, ONSET))
    assert len(bedroom.told(HappeningKind.FELL_ASLEEP)) == 2
    assert len(bedroom.told(HappeningKind.WOKE_UP)) == 2


async def test_unloading_ends_it(bedroom: Bedroom) -> None:
    """No timer and no look stays behind."""
    coordinator = bedroom.coordinator
    assert await bedroom.home.config_entries.async_unload(bedroom.entry.entry_id)
    with patch.object(live_watch, "look", wraps=live_look.look) as looked:
        await bedroom.at(ONSET + timedelta(hours=1).total_seconds())
    assert not looked.called
    assert not coordinator._listeners
