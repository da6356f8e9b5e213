"""When a wearer's days are analysed, and what one day's failure does to the others."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
import threading
from unittest.mock import MagicMock, patch
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap import analysis
from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.engine.day import DayInputs, derive_day
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.store import DayRow, StoreError, WearerStore, days
from custom_components.openstrap.sweep_view import SweepPhase

from .frames import inners, minute, night

THURSDAY = date(2026, 1, 15)
WEDNESDAY = date(2026, 1, 14)
BERLIN = "Europe/Berlin"


@pytest.fixture(autouse=True)
def afternoon(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time on the day whose night is used."""
    freezer.move_to("2026-01-15T15:00:00Z")


@pytest.fixture
def computed() -> Iterator[MagicMock]:
    """Watch the days that are computed."""
    with patch.object(analysis, "derive_day", wraps=derive_day) as watched:
        yield watched


@pytest.fixture
async def coordinator(home: HomeAssistant, loaded: MockConfigEntry) -> OpenStrapCoordinator:
    """Give the wearer at run time, living by UTC."""
    await home.config.async_update(time_zone="UTC")
    await home.async_block_till_done()
    wearer: OpenStrapCoordinator = loaded.runtime_data
    return wearer


def days_of(computed: MagicMock) -> list[date]:
    """Tell which days were computed, in their order."""
    return [call.args[0].day for call in computed.call_args_list]


async def pass_time(home: HomeAssistant, freezer: FrozenDateTimeFactory, **time: float) -> None:
    """Let time go by and what is due then be done."""
    freezer.tick(timedelta(**time))
    async_fire_time_changed(home)
    await home.async_block_till_done(wait_background_tasks=True)


async def rows(coordinator: OpenStrapCoordinator) -> dict[date, DayRow]:
    """Read the stored results."""
    found = await coordinator.worker.async_run(WearerStore.latest_days, 100)
    return {row.day: row for row in found}


async def test_thirty_quiet_seconds_and_the_days_are_there(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    computed: MagicMock,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Each batch begins the wait anew; the newest day comes first."""
    half = len(night(THURSDAY)) // 2
    await coordinator.async_ingest(night(THURSDAY)[:half])
    await pass_time(home, freezer, seconds=20)
    await coordinator.async_ingest(night(THURSDAY)[half:])
    await pass_time(home, freezer, seconds=20)
    assert not computed.called
    assert home.states.get("sensor.ada_nightly_hrv").state == "unknown"  # type: ignore[union-attr]
    await pass_time(home, freezer, seconds=11)
    assert days_of(computed) == [THURSDAY, WEDNESDAY]
    hrv = home.states.get("sensor.ada_nightly_hrv")
    assert hrv is not None
    assert float(hrv.state) > 0
    assert hrv.attributes["day"] == "2026-01-15"
    assert not hrv.attributes["final"]


async def test_nothing_dirty_nothing_done(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    computed: MagicMock,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Known frames dirty nothing, and sweeps over clean days compute nothing."""
    await coordinator.async_ingest(night(THURSDAY))
    await pass_time(home, freezer, seconds=31)
    computed.reset_mock()
    report = await coordinator.async_ingest(night(THURSDAY))
    assert report.new == 0
    await pass_time(home, freezer, minutes=31)
    await pass_time(home, freezer, minutes=31)
    await coordinator.sweeper.async_backstop()
    assert not computed.called


@pytest.mark.full
async def test_a_stream_that_never_pauses_is_swept_on_the_half_hour(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    computed: MagicMock,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A phone that pushes every fifteen seconds is never quiet."""
    now = int(dt_util.utcnow().timestamp())
    for step in range(122):
        await coordinator.async_ingest(inners(minute(now - 9000 + 60 * step)))
        await pass_time(home, freezer, seconds=15)
        if computed.called:
            break
    assert 1790 <= dt_util.utcnow().timestamp() - now <= 1830


@pytest.mark.full
async def test_days_that_waited_at_a_restart_are_computed_soon(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    coordinator: OpenStrapCoordinator,
    computed: MagicMock,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nothing new need come for it: a phone that repeats itself brings nothing new."""
    await coordinator.async_ingest(night(THURSDAY))
    assert await home.config_entries.async_reload(loaded.entry_id)
    assert not computed.called
    await pass_time(home, freezer, seconds=31)
    assert days_of(computed) == [THURSDAY, WEDNESDAY]


async def test_a_day_that_has_not_begun_waits(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    computed: MagicMock,
    freezer: FrozenDateTimeFactory,
) -> None:
    """An afternoon's records belong to the coming night too, but that is not a day yet."""
    now = int(dt_util.utcnow().timestamp())
    await coordinator.async_ingest(inners(minute(now - 60)))
    await coordinator.sweeper.async_sweep()
    assert days_of(computed) == [THURSDAY]
    freezer.move_to("2026-01-16T00:10:00Z")
    await coordinator.sweeper.async_sweep()
    assert days_of(computed) == [THURSDAY, date(2026, 1, 16)]
    assert set(await rows(coordinator)) == {THURSDAY}, "nothing is known of it: no row"
    await coordinator.sweeper.async_sweep()
    assert len(days_of(computed)) == 2


@pytest.mark.full
async def test_one_failing_day_stops_no_other_and_is_told_once(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It stays dirty and is tried with every sweep until it succeeds."""

    def fail_on_thursday(inputs: DayInputs) -> DayResult:
        if inputs.day == THURSDAY:
            raise ZeroDivisionError
        return derive_day(inputs)

    await coordinator.async_ingest(night(THURSDAY))
    with patch.object(analysis, "derive_day", side_effect=fail_on_thursday) as tried:
        await coordinator.sweeper.async_sweep()
        await pass_time(home, freezer, minutes=31)
        await coordinator.sweeper.async_sweep()
    assert days_of(tried).count(THURSDAY) >= 3
    assert days_of(tried).count(WEDNESDAY) == 1
    assert coordinator.sweeper.failing_days == 1
    assert caplog.text.count("A day could not be computed") == 1
    assert set(await rows(coordinator)) == {WEDNESDAY}
    await coordinator.sweeper.async_sweep()
    assert coordinator.sweeper.failing_days == 0
    assert set(await rows(coordinator)) == {WEDNESDAY, THURSDAY}


@pytest.mark.full
async def test_frames_that_come_while_a_day_is_computed_are_not_forgotten(
    coordinator: OpenStrapCoordinator,
) -> None:
    """The mark has moved, so the day stays dirty and is computed again."""
    half = len(night(THURSDAY)) // 2
    await coordinator.async_ingest(night(THURSDAY)[:half])
    store = coordinator.worker._store
    assert store is not None
    save_day = store.save_day

    def come_late(row: DayRow) -> bool:
        with patch.object(store, "save_day", save_day):
            from custom_components.openstrap.ingest import ingest

            ingest(
                store,
                night(THURSDAY)[half:],
                now=dt_util.utcnow().timestamp(),
                tz=dt_util.get_default_time_zone(),
            )
            return save_day(row)

    with patch.object(store, "save_day", come_late):
        await coordinator.sweeper.async_sweep()
    assert await coordinator.worker.async_run(WearerStore.dirty_days)
    await coordinator.sweeper.async_sweep()
    whole = (await rows(coordinator))[THURSDAY]
    assert whole.records > half


@pytest.mark.full
async def test_the_backstop_closes_yesterday_and_tidies(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    freezer: FrozenDateTimeFactory,
    computed: MagicMock,
) -> None:
    """At 03:30 local a finished day becomes final; old frames go once their days are final."""
    await coordinator.async_ingest(night(THURSDAY))
    await coordinator.sweeper.async_sweep()
    computed.reset_mock()
    freezer.move_to("2026-01-16T03:29:50Z")
    await home.async_block_till_done()
    await pass_time(home, freezer, seconds=11)
    assert {row.final for row in (await rows(coordinator)).values()} == {True}
    assert not computed.called, "closing a day needs no computing"
    hrv = home.states.get("sensor.ada_nightly_hrv")
    assert hrv is not None
    assert hrv.attributes["final"]

    before = await coordinator.worker.async_run(WearerStore.stats)
    assert before["frames"] == len(night(THURSDAY))
    freezer.tick(timedelta(days=40))
    # A newer record, for nothing of the hour of the newest reading is let go.
    now = int(dt_util.utcnow().timestamp())
    await coordinator.async_ingest(inners(minute(now - 60)))
    await coordinator.sweeper.async_backstop()
    after = await coordinator.worker.async_run(WearerStore.stats)
    assert after["frames"] == 60
    assert home.states.get("sensor.ada_nightly_hrv").state == hrv.state  # type: ignore[union-attr]


@pytest.mark.full
async def test_a_missed_backstop_is_made_up_for(
    home: HomeAssistant, coordinator: OpenStrapCoordinator, freezer: FrozenDateTimeFactory
) -> None:
    """A machine that sleeps at night closes its days at the next half hour."""
    await coordinator.async_ingest(night(THURSDAY))
    await coordinator.sweeper.async_sweep()
    freezer.move_to("2026-01-17T12:00:00Z")
    await pass_time(home, freezer, minutes=31)
    assert {row.final for row in (await rows(coordinator)).values()} == {True}


async def test_the_backstop_follows_the_time_zone(
    home: HomeAssistant, coordinator: OpenStrapCoordinator, freezer: FrozenDateTimeFactory
) -> None:
    """After a move 03:30 is elsewhere; it fires there and not at the old place."""
    await home.config.async_update(time_zone="America/New_York")
    await home.async_block_till_done()
    await home.config.async_update(time_zone=BERLIN)
    await home.async_block_till_done()
    with patch.object(coordinator.sweeper, "async_backstop") as backstop:
        freezer.move_to("2026-01-16T02:29:59Z")
        async_fire_time_changed(home)
        await home.async_block_till_done(wait_background_tasks=True)
        before = backstop.call_count
        await pass_time(home, freezer, seconds=2)  # 03:30 in Berlin
        assert backstop.call_count == before + 1
        freezer.move_to("2026-01-16T08:29:59Z")
        async_fire_time_changed(home)
        await home.async_block_till_done(wait_background_tasks=True)
        at_half_past_eight = backstop.call_count
        await pass_time(home, freezer, seconds=2)  # 03:30 in New York
        assert backstop.call_count == at_half_past_eight


@pytest.mark.full
async def test_later_days_use_the_new_time_zone_and_final_ones_keep_theirs(
    home: HomeAssistant, coordinator: OpenStrapCoordinator, freezer: FrozenDateTimeFactory
) -> None:
    """A person who moves keeps the days as they were lived."""
    await home.config.async_update(time_zone=BERLIN)
    await coordinator.async_ingest(night(THURSDAY))
    freezer.move_to("2026-01-16T12:00:00Z")
    await coordinator.sweeper.async_sweep()
    await home.config.async_update(time_zone="Asia/Tokyo")
    # Late frames of the old days, and those of the next.
    await coordinator.async_ingest(inners(minute(int(night_end(THURSDAY)) + 60)))
    await coordinator.async_ingest(night(date(2026, 1, 16)))
    await coordinator.sweeper.async_sweep()
    found = await rows(coordinator)
    assert found[THURSDAY].timezone == BERLIN
    assert found[THURSDAY].final
    assert found[date(2026, 1, 16)].timezone == "Asia/Tokyo"


def night_end(day: date) -> float:
    """Tell when the made-up night ends, epoch s."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 29), 23),
        pytest.param(date(2026, 10, 25), 25, marks=pytest.mark.full),
        pytest.param(date(2026, 7, 1), 24, marks=pytest.mark.full),
    ],
)
async def test_days_have_23_24_or_25_hours(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    freezer: FrozenDateTimeFactory,
    day: date,
    hours: int,
) -> None:
    """A band that is worn all day long is worn as long as the day is."""
    zone = ZoneInfo(BERLIN)
    await home.config.async_update(time_zone=BERLIN)
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
    after = day + timedelta(days=1)
    end = int(datetime(after.year, after.month, after.day, tzinfo=zone).timestamp())
    assert end - midnight == hours * 3600
    freezer.move_to(datetime.fromtimestamp(end + 600, UTC))
    for start in range(midnight, end, 3600):
        await coordinator.async_ingest(
            [one for at in range(start, start + 3600, 60) for one in inners(minute(at))]
        )
    await coordinator.sweeper.async_sweep()
    stored = DayResult.from_dict((await rows(coordinator))[day].result)
    assert stored.metrics["worn_min"].value == pytest.approx(hours * 60, abs=1)


@pytest.mark.full
async def test_a_new_algorithm_computes_old_days_again_once(
    coordinator: OpenStrapCoordinator, freezer: FrozenDateTimeFactory, computed: MagicMock
) -> None:
    """As far as the frames go back; a day whose frames were let go stays as it is."""
    await coordinator.async_ingest(night(THURSDAY))
    await coordinator.sweeper.async_sweep()
    await coordinator.sweeper.async_backstop()
    computed.reset_mock()
    with (
        patch.object(analysis, "ALGORITHM_VERSION", 99),
        patch("custom_components.openstrap.engine.day.ALGORITHM_VERSION", 99),
    ):
        await coordinator.sweeper.async_backstop()
        assert days_of(computed) == [THURSDAY, WEDNESDAY]
        assert {row.algorithm for row in (await rows(coordinator)).values()} == {99}
        await coordinator.sweeper.async_backstop()
        assert len(days_of(computed)) == 2
        freezer.tick(timedelta(days=40))
        await coordinator.async_ingest(inners(minute(int(dt_util.utcnow().timestamp()) - 60)))
        await coordinator.sweeper.async_backstop()
    computed.reset_mock()
    with patch.object(analysis, "ALGORITHM_VERSION", 100):
        await coordinator.sweeper.async_backstop()
    assert THURSDAY not in days_of(computed)
    assert (await rows(coordinator))[THURSDAY].algorithm == 99


@pytest.mark.full
async def test_a_full_disk_stops_the_upkeep_until_later(
    coordinator: OpenStrapCoordinator, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, nothing is half done, and the next backstop does it."""
    await coordinator.async_ingest(night(THURSDAY))
    with patch.object(analysis, "finalise", side_effect=StoreError("disk_full")):
        await coordinator.sweeper.async_backstop()
    assert "nightly upkeep" in caplog.text
    await coordinator.sweeper.async_backstop()
    assert len(await rows(coordinator)) == 2


async def test_a_strap_whose_clock_was_ahead(
    coordinator: OpenStrapCoordinator, freezer: FrozenDateTimeFactory
) -> None:
    """Its frames are kept, and count once their time has come."""
    now = int(dt_util.utcnow().timestamp())
    report = await coordinator.async_ingest(inners(minute(now + 3600)))
    assert report.rejected == {"time_future": 60}
    await coordinator.sweeper.async_sweep()
    assert not await rows(coordinator)
    freezer.tick(timedelta(hours=2))
    await coordinator.sweeper.async_backstop()
    assert (await rows(coordinator))[THURSDAY].records == 60


@pytest.mark.full
async def test_a_restart_in_mid_sweep_gives_the_same_rows(
    home: HomeAssistant, loaded: MockConfigEntry, coordinator: OpenStrapCoordinator
) -> None:
    """The day at hand is finished or begun anew; what waited waits on."""
    await coordinator.async_ingest(night(THURSDAY))
    await coordinator.sweeper.async_sweep()
    whole = await rows(coordinator)
    await coordinator.worker.async_run(_forget_rows)
    began, go = threading.Event(), threading.Event()

    def slow(inputs: DayInputs) -> DayResult:
        began.set()
        go.wait(5)
        return derive_day(inputs)

    with patch.object(analysis, "derive_day", side_effect=slow) as computed:
        coordinator.sweeper.async_sweep_soon()
        # Time stands still in the loop, so it is a thread that waits.
        assert await home.async_add_executor_job(began.wait, 5)
        threading.Timer(0.2, go.set).start()
        assert await home.config_entries.async_unload(loaded.entry_id)
        assert days_of(computed) == [THURSDAY], "the next day is not begun"
    assert await home.config_entries.async_setup(loaded.entry_id)
    await loaded.runtime_data.sweeper.async_sweep()
    assert await rows(loaded.runtime_data) == whole
    assert not await loaded.runtime_data.worker.async_run(WearerStore.dirty_days)


def _forget_rows(store: WearerStore) -> None:
    for row in store.latest_days(10):
        store.drop_day(row)
    with store._writing() as conn:
        days.mark_dirty(conn, [WEDNESDAY, THURSDAY])


async def test_one_day_is_scored_ahead_of_the_others(
    coordinator: OpenStrapCoordinator, computed: MagicMock
) -> None:
    """Whoever has woken up does not wait for last week; a day that is clean costs nothing."""
    await coordinator.async_ingest(night(THURSDAY))
    await coordinator.sweeper.async_score(THURSDAY)
    assert days_of(computed) == [THURSDAY]
    assert coordinator.data.nights.night is not None
    assert coordinator.sweeper.view.days_waiting == 1
    await coordinator.sweeper.async_score(THURSDAY)
    assert len(days_of(computed)) == 1


async def test_a_sweep_that_cannot_read_the_file_is_shown_and_tried_again(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Told once, shown as failing; the next one that gets through ends it."""
    await coordinator.async_ingest(inners(minute(int(dt_util.utcnow().timestamp()) - 60)))
    seen: list[SweepPhase] = []
    stop = coordinator.sweeper.async_listen(lambda: seen.append(coordinator.sweeper.view.phase))
    with patch.object(analysis, "due_days", side_effect=StoreError("disk_full")):
        await pass_time(home, freezer, seconds=31)
        coordinator.sweeper.async_sweep_soon()
        await home.async_block_till_done(wait_background_tasks=True)
    assert coordinator.sweeper.view.phase is SweepPhase.FAILING
    assert coordinator.sweeper.view.last_error == "StoreError"
    assert caplog.text.count("The analysis stopped") == 1
    await pass_time(home, freezer, minutes=31)
    assert seen[-1] is SweepPhase.IDLE
    stop()
    known = len(seen)
    coordinator.sweeper.async_frames_came()
    assert len(seen) == known


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        # Clocks go forward at two and at one: the backstop comes by the new time.
        (BERLIN, "2026-03-29T01:30:01Z"),
        # They go back at three: half past three comes once.
        (BERLIN, "2026-10-25T02:30:01Z"),
        ("Australia/Lord_Howe", "2026-04-04T17:00:01Z"),
    ],
)
async def test_the_backstop_comes_once_on_days_of_other_lengths(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    freezer: FrozenDateTimeFactory,
    zone: str,
    due: str,
) -> None:
    """At 03:30 by the clock on the wall."""
    at = datetime.fromisoformat(due)
    freezer.move_to(at - timedelta(seconds=11))
    await home.config.async_update(time_zone=zone)
    await home.async_block_till_done()
    with patch.object(coordinator.sweeper, "async_backstop") as backstop:
        async_fire_time_changed(home)
        await home.async_block_till_done(wait_background_tasks=True)
        called = backstop.call_count
        freezer.move_to(at)
        async_fire_time_changed(home)
        await home.async_block_till_done(wait_background_tasks=True)
        assert backstop.call_count == called + 1
