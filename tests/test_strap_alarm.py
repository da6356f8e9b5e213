"""When an alarm rings next, and what the band is told."""

from datetime import UTC, datetime, time
from unittest.mock import AsyncMock
from zoneinfo import ZoneInfo

import pytest

from custom_components.openstrap.strap import AlarmSetting
from custom_components.openstrap.strap_alarm import AlarmWish, StrapAlarm, next_ring

BERLIN = ZoneInfo("Europe/Berlin")


def local(*parts: int) -> datetime:
    """Give a local time."""
    return datetime(*parts, tzinfo=BERLIN)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("now", "wanted", "expected"),
    [
        (local(2026, 1, 10, 6), time(7), local(2026, 1, 10, 7)),
        (local(2026, 1, 10, 7), time(7), local(2026, 1, 11, 7)),
        (local(2026, 1, 10, 6, 59, 55), time(7), local(2026, 1, 11, 7)),
        # The night has 23 hours: seven o'clock stays seven o'clock.
        (local(2026, 3, 28, 8), time(7), local(2026, 3, 29, 7)),
        # It has 25.
        (local(2026, 10, 24, 8), time(7), local(2026, 10, 25, 7)),
        # Half past two is left out that night, and comes an hour later.
        (local(2026, 3, 28, 8), time(2, 30), local(2026, 3, 29, 3, 30)),
        # It comes twice: the first one counts, and only once.
        (local(2026, 10, 24, 8), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 0, 31, tzinfo=UTC), time(2, 30), local(2026, 10, 26, 2, 30)),
    ],
)
def test_next_ring(now: datetime, wanted: time, expected: datetime) -> None:
    """A local time of day, whatever the clocks do."""
    assert next_ring(wanted, now, BERLIN) == expected.timestamp()


def test_a_wish_is_written_down() -> None:
    """And read again, also an empty one."""
    for wish in (AlarmWish(), AlarmWish(time(6, 45), enabled=True, armed_ts=1_780_000_000.0)):
        assert AlarmWish.from_text(wish.to_text()) == wish
    assert AlarmWish.from_text(None) == AlarmWish()


NOW = local(2026, 1, 10, 6)
RING_TS = local(2026, 1, 10, 7).timestamp()


def band(*, active: bool = True, ts: float = RING_TS) -> AsyncMock:
    """Give a session that takes alarms, and says so."""
    session = AsyncMock()
    session.set_alarm.return_value = AlarmSetting(active, ts)
    return session


async def test_armed_once_for_each_day() -> None:
    """Told when there is something to tell, and again after it rang."""
    alarm = StrapAlarm(AlarmWish())
    assert alarm.view(NOW, BERLIN).armed is False
    session = band()
    assert not await alarm.async_apply(session, NOW, BERLIN)
    alarm.change(time(7, tzinfo=UTC), enabled=True)
    assert alarm.view(NOW, BERLIN).next_ts == RING_TS
    assert not alarm.view(NOW, BERLIN).armed
    assert await alarm.async_apply(session, NOW, BERLIN)
    assert not await alarm.async_apply(session, NOW, BERLIN)
    session.set_alarm.assert_awaited_once_with(RING_TS)
    assert alarm.view(NOW, BERLIN).armed
    after = local(2026, 1, 10, 7, 1)
    assert not alarm.view(after, BERLIN).armed
    assert await alarm.async_apply(session, after, BERLIN)
    session.set_alarm.assert_awaited_with(local(2026, 1, 11, 7).timestamp())


async def test_cleared_once() -> None:
    """Only what this integration has set; an alarm of the phone's app is left alone."""
    alarm = StrapAlarm(AlarmWish())
    session = band()
    alarm.seen(AlarmSetting(active=True, ts=RING_TS))
    assert not await alarm.async_apply(session, NOW, BERLIN)
    alarm.change(time(7), enabled=True)
    await alarm.async_apply(session, NOW, BERLIN)
    alarm.change(None, enabled=False)
    assert await alarm.async_apply(session, NOW, BERLIN)
    assert not await alarm.async_apply(session, NOW, BERLIN)
    session.disable_alarm.assert_awaited_once_with()
    assert alarm.view(NOW, BERLIN).armed


async def test_what_the_band_says_is_believed_while_it_makes_sense() -> None:
    """An alarm that is gone is set again; an answer that never fits is not asked for ever."""
    alarm = StrapAlarm(AlarmWish(time(7), enabled=True))
    session = band()
    await alarm.async_apply(session, NOW, BERLIN)
    alarm.seen(AlarmSetting(active=True, ts=RING_TS + 2))
    assert not await alarm.async_apply(session, NOW, BERLIN)
    alarm.seen(AlarmSetting(active=False, ts=0))
    session.set_alarm.return_value = AlarmSetting(active=False, ts=7.0)
    assert await alarm.async_apply(session, NOW, BERLIN)
    alarm.seen(AlarmSetting(active=False, ts=7.0))
    assert not await alarm.async_apply(session, NOW, BERLIN)
    alarm.forgotten()
    assert await alarm.async_apply(session, NOW, BERLIN), "the band has restarted"
