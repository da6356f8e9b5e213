"""Whether and when the wearer is told."""

from dataclasses import replace
from datetime import date, time, timedelta
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.insight.findings import Severity
from custom_components.openstrap.engine.insight.nudges import (
    EXCEPTION,
    MEDICAL,
    MIN_CONFIDENCE,
    Nudge,
    QuietHours,
    due_nudges,
)

from ..series import BERLIN, at
from ..sleep.days import DAY

NOON = at(DAY, 12)
PLAIN = Nudge(DAY, "recovery", Severity.NOTE, "recovery_ready", (("recovery", 70.0),), 0.6)
ODD = Nudge(DAY, EXCEPTION, Severity.WARNING, "low_recovery", (), 0.6)
ILL = Nudge(DAY, MEDICAL, Severity.ALERT, "body_alert", (), 0.6)
QUIET = QuietHours()


def keys(
    *candidates: Nudge, fired: tuple[str, ...] = (), now_ts: float = NOON, quiet: bool = True
) -> list[str]:
    """Keys of what is told."""
    found = due_nudges(candidates, fired, now_ts, BERLIN, QUIET if quiet else None)
    return [one.key for one in found]


def test_once_for_a_day_and_a_topic() -> None:
    """Told once; a second one of the topic, or the same again, is not."""
    assert keys(PLAIN, replace(PLAIN, values=())) == ["2026-09-06:recovery"]
    assert keys(PLAIN, fired=("2026-09-06:recovery",)) == []
    assert keys(PLAIN, fired=("2026-09-05:recovery",)) == ["2026-09-06:recovery"]


def test_a_medical_one_uses_up_the_plain_key() -> None:
    """After a medical one nothing else out of the ordinary, the other way round it still comes."""
    assert ILL.claims == ("2026-09-06:exception:medical", "2026-09-06:exception")
    assert keys(ODD, ILL) == ["2026-09-06:exception:medical"]
    assert keys(ODD, fired=ILL.claims) == []
    assert keys(ILL, fired=ODD.claims) == ["2026-09-06:exception:medical"]
    assert keys(ODD, replace(ILL, day=DAY - timedelta(days=1))) == [
        "2026-09-05:exception:medical",
        "2026-09-06:exception",
    ]


@pytest.mark.parametrize(
    ("back", "told"), [(-1, False), (0, True), (1, True), (2, False), (40, False)]
)
def test_only_today_and_yesterday(back: int, told: bool) -> None:
    """Back-filled days, and days to come, are not told."""
    assert bool(keys(replace(PLAIN, day=DAY - timedelta(days=back)))) is told


def test_the_day_is_that_of_the_wearer() -> None:
    """Half past midnight in Berlin is the evening before elsewhere."""
    night = at(DAY + timedelta(days=1), 0, 30)
    two_before = replace(PLAIN, day=DAY - timedelta(days=1), quiet_ok=True)
    assert keys(two_before, now_ts=night) == []
    assert keys(replace(two_before, day=DAY), now_ts=night) != []


@pytest.mark.parametrize(
    "change",
    [
        {"confidence": MIN_CONFIDENCE - 0.01},
        {"settled": False},
        {"imported": True},
        {"not_before_ts": NOON + 1.0},
        {"expires_ts": NOON},
    ],
)
def test_never_told(change: dict[str, object]) -> None:
    """Too unsure, not settled, imported, too early, too late; and then nothing is used up."""
    held = replace(PLAIN, **change)  # type: ignore[arg-type]  # fields of different types
    assert keys(held) == []
    assert keys(held, PLAIN) == [PLAIN.key]


def test_at_its_bounds() -> None:
    """The beginning is in, the end is out; 0.4 is sure enough."""
    assert keys(
        replace(PLAIN, not_before_ts=NOON, expires_ts=NOON + 1.0, confidence=MIN_CONFIDENCE)
    )


def test_quiet_hours_hold_back_and_do_not_lose() -> None:
    """What may not disturb waits for the morning; the gravest may by preference."""
    night, morning = at(DAY, 23), at(DAY + timedelta(days=1), 7)
    for one in (PLAIN, ILL):
        assert keys(one, now_ts=night) == []
        assert keys(one, now_ts=morning) == [one.key]
        assert keys(one, now_ts=night, quiet=False) == [one.key]
        assert keys(replace(one, quiet_ok=True), now_ts=night) == [one.key]
    grave = due_nudges([PLAIN, ILL], (), night, BERLIN, QUIET, grave_disturbs=True)
    assert grave == (ILL,)


def test_quiet_hours_by_the_clock() -> None:
    """Over midnight, within a day, and never."""
    over = QuietHours(time(22), time(7))
    assert [time(hour) in over for hour in (21, 22, 0, 6, 7)] == [False, True, True, True, False]
    within = QuietHours(time(13), time(15))
    assert [time(hour) in within for hour in (12, 13, 14, 15)] == [False, True, True, False]
    assert all(time(hour) not in QuietHours(time(7), time(7)) for hour in range(24))


def test_the_gravest_first() -> None:
    """The gravest first, else in the order given."""
    other = replace(PLAIN, topic="goal:steps")
    assert due_nudges([other, PLAIN, ILL], (), NOON, BERLIN) == (ILL, other, PLAIN)


def test_plain_json() -> None:
    """Plain JSON."""
    assert json.loads(json.dumps(ODD.to_dict())) == {
        "key": "2026-09-06:exception",
        "day": "2026-09-06",
        "topic": "exception",
        "severity": 2,
        "code": "low_recovery",
        "values": {},
        "quiet_ok": False,
        "expires_ts": None,
    }


NUDGES = st.builds(
    Nudge,
    day=st.dates(date(2026, 9, 3), date(2026, 9, 8)),
    topic=st.sampled_from([EXCEPTION, MEDICAL, "recovery", "bedtime"]),
    severity=st.sampled_from(Severity),
    code=st.just("code"),
    values=st.just(()),
    confidence=st.floats(0, 1),
    quiet_ok=st.booleans(),
    settled=st.booleans(),
    imported=st.booleans(),
)


@given(st.lists(NUDGES, max_size=12), st.integers(0, 47))
def test_told_twice_never(candidates: list[Nudge], hour: int) -> None:
    """However often it is asked, in whatever order: no key twice, all of it allowed."""
    now_ts = at(DAY, 0) + 3600.0 * hour
    told: list[Nudge] = []
    for order in (candidates, candidates[::-1]):
        fired = {key for one in told for key in one.claims}
        told += due_nudges(order, fired, now_ts, BERLIN, QUIET)
    assert len({one.key for one in told}) == len(told)
    assert {one.key for one in told} <= {one.key for one in candidates}
    assert all(one.settled and not one.imported for one in told)
    again = {key for one in told for key in one.claims}
    assert due_nudges(candidates, again, now_ts, BERLIN, QUIET) == ()
