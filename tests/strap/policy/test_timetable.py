"""Chores of a connection that is held."""

import pytest

from custom_components.openstrap.strap.policy.timetable import Due, Timetable


def test_chores_come_in_their_time() -> None:
    """Keep-alive each minute, battery every five, clock every six hours."""
    table = Timetable(0.0)
    seen: dict[Due, int] = {}
    now = 0.0
    while (now := table.next_at(now, live=False)) <= 6 * 3600:
        for due in table.take_due(now, now, live=False):
            seen[due] = seen.get(due, 0) + 1
    assert seen == {Due.KEEP_ALIVE: 360, Due.BATTERY: 72, Due.CLOCK: 1}


@pytest.mark.parametrize(("live", "stale"), [(False, 90.0), (True, 30.0)])
def test_a_silent_strap_is_asked_and_then_given_up(live: bool, stale: float) -> None:
    """Sooner when a stream is on; any sound begins it anew."""
    table = Timetable(0.0)
    heard_at = 5.0
    assert Due.PROBE not in table.take_due(heard_at + stale - 1, heard_at, live=live)
    assert Due.PROBE in table.take_due(heard_at + stale, heard_at, live=live)
    assert Due.PROBE not in table.take_due(heard_at + stale + 1, heard_at, live=live)
    assert Due.BOUNCE not in table.take_due(heard_at + 119, heard_at, live=live)
    assert table.take_due(heard_at + 120, heard_at, live=live) == [Due.BOUNCE]
    heard_at += 119
    assert Due.BOUNCE not in table.take_due(heard_at + 1, heard_at, live=live)


def test_an_unheard_strap_is_asked_before_it_is_given_up() -> None:
    """Also when nobody looked for long: a drain takes its time."""
    table = Timetable(0.0)
    assert Due.PROBE in table.take_due(500.0, 0.0, live=False)
    assert table.take_due(501.0, 0.0, live=False) == [Due.BOUNCE]
