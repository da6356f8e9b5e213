"""When the clock is set, and when it is not touched."""

import pytest

from custom_components.openstrap.strap.policy.clock import (
    DAY_S,
    GIVE_IN_AFTER_S,
    ClockAction,
    judge_clock,
    latched,
)

NOW = 1_780_000_000.0


@pytest.mark.parametrize(
    ("strap_s", "set_from_s", "action"),
    [
        (None, 0.0, ClockAction.KEEP),
        (31_536_000.0, 2.0, ClockAction.SET),
        (1_699_999_999.0, 2.0, ClockAction.SET),
        (1_700_000_000.0, 2.0, ClockAction.SET),
        (NOW - DAY_S - 1, 2.0, ClockAction.SET),
        (NOW - 2.0, 2.0, ClockAction.SET),
        (NOW - 1.9, 2.0, ClockAction.KEEP),
        (NOW, 2.0, ClockAction.KEEP),
        (NOW, 0.0, ClockAction.SET),
        (NOW + 1.9, 2.0, ClockAction.KEEP),
        (NOW + DAY_S, 2.0, ClockAction.SET),
        (NOW + DAY_S + 1, 2.0, ClockAction.REFUSE),
        (NOW + DAY_S + 1, 0.0, ClockAction.REFUSE),
    ],
)
def test_the_table(strap_s: float | None, set_from_s: float, action: ClockAction) -> None:
    """Each row of the reference, at its edges."""
    assert judge_clock(strap_s, NOW, set_from_s=set_from_s).action is action


def test_it_gives_in_after_twelve_hours() -> None:
    """A host that insists on its time is believed in the end."""
    strap_s = NOW + 3 * DAY_S
    for ahead_for_s, action in (
        (GIVE_IN_AFTER_S - 1, ClockAction.REFUSE),
        (GIVE_IN_AFTER_S, ClockAction.SET),
    ):
        verdict = judge_clock(strap_s, NOW, set_from_s=2.0, ahead_for_s=ahead_for_s)
        assert verdict.action is action
        assert verdict.drift_s == 3 * DAY_S


@pytest.mark.parametrize("strap_s", [None, 31_536_000.0, NOW])
def test_a_host_without_a_clock_touches_nothing(strap_s: float | None) -> None:
    """A host that has just started may believe that it is 1970."""
    assert judge_clock(strap_s, 1000.0, set_from_s=0.0).action is ClockAction.REFUSE


def test_a_drift_is_told_only_between_real_times() -> None:
    """A clock that was never set has no drift."""
    assert judge_clock(5.0, NOW, set_from_s=2.0).drift_s is None
    assert judge_clock(NOW - 1.5, NOW, set_from_s=2.0).drift_s == -1.5


@pytest.mark.parametrize(
    ("strap_s", "confirmed"), [(None, False), (NOW - 4, True), (NOW + 6, False), (5.0, False)]
)
def test_only_the_time_read_back_confirms(strap_s: float | None, confirmed: bool) -> None:
    """A "done" of the strap does not."""
    assert latched(strap_s, NOW) is confirmed
