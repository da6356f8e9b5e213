"""The menstrual cycle by the calendar."""

from datetime import date, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.insight.cycle import (
    NO_START,
    Cycle,
    Phase,
    cycle_lengths,
    cycle_on,
    length_log,
    luteal_days,
    warmer_since,
)

STARTS = (date(2026, 1, 3), date(2026, 1, 31), date(2026, 3, 2))


def on(day: date, starts: tuple[date, ...] = STARTS) -> Cycle:
    """Return the cycle of a day that has one."""
    found = cycle_on(starts, day)
    assert isinstance(found, Cycle)
    return found


def test_known_answers() -> None:
    """Three starts, and one."""
    found = on(date(2026, 3, 20))
    assert (found.number, found.length, found.lengths) == (19, 29, 2)
    assert found.next_start == date(2026, 3, 31)
    assert found.ovulation == date(2026, 3, 17)
    assert found.fertile == (date(2026, 3, 12), date(2026, 3, 18))
    assert found.phase is Phase.LUTEAL
    assert found.confidence == pytest.approx(0.7)
    assert found.spread_days == 4.0
    one = on(date(2026, 3, 11), (date(2026, 3, 2),))
    assert (one.number, one.fertile[0], one.phase) == (10, date(2026, 3, 11), Phase.OVULATION)
    assert one.confidence == 0.3


def test_phases_in_order() -> None:
    """Each day of a cycle has one, and they follow each other."""
    phases = [on(STARTS[-1] + timedelta(days=at)).phase for at in range(29)]
    assert phases == sorted(phases)
    assert [phases.count(phase) for phase in Phase] == [5, 5, 7, 12]


def test_chances_add_up_and_turn() -> None:
    """The calendar's own word is not always the surest: near an edge two are about even."""
    for at in range(40):
        found = on(STARTS[-1] + timedelta(days=at))
        assert sum(found.chances) == pytest.approx(1.0)
        assert min(found.chances) >= 0.0
    assert on(date(2026, 3, 2)).chances == (1.0, 0.0, 0.0, 0.0)
    assert on(date(2026, 3, 16)).chances[Phase.OVULATION] > 0.6
    assert on(date(2026, 3, 30)).chances[Phase.LUTEAL] > 0.98
    edge = on(date(2026, 3, 19)).chances
    assert 0.4 < edge[Phase.LUTEAL] < 0.75


def test_own_lengths_tell_the_spread() -> None:
    """From three lengths on; regular ones still leave a day."""
    first = date(2025, 9, 1)
    uneven = [first]
    for length in (26, 31, 28, 33):
        uneven.append(uneven[-1] + timedelta(days=length))
    found = on(uneven[-1], tuple(uneven))
    assert found.spread_days == pytest.approx(1.96 * 3.109, abs=0.01)
    assert found.length == 30
    even = tuple(first + timedelta(days=28 * at) for at in range(5))
    assert on(even[-1], even).spread_days == 1.0


def test_overdue_and_lost() -> None:
    """From the expected day on little is sure, after 1.6 lengths nothing is said."""
    assert not on(date(2026, 3, 30)).overdue
    late = on(date(2026, 3, 31))
    assert late.overdue and late.confidence == 0.2
    assert on(STARTS[-1] + timedelta(days=45)).number == 46
    assert cycle_on(STARTS, STARTS[-1] + timedelta(days=46)) == "cycle_lost:day=47,length=29"


def test_only_what_was_told_until_then() -> None:
    """A later start does not change an earlier day; twice told is told once."""
    day = date(2026, 2, 20)
    assert cycle_on(STARTS, day) == cycle_on(STARTS[:2], day) == cycle_on(STARTS[:2] * 2, day)
    assert cycle_on(STARTS, date(2026, 1, 2)) == NO_START
    assert cycle_on((), day) == NO_START


def test_a_gap_that_is_no_cycle_is_no_length() -> None:
    """A start too many, or one missing."""
    starts = [date(2026, 1, 1), date(2026, 1, 10), date(2026, 2, 7), date(2026, 5, 1)]
    assert cycle_lengths(starts) == [28]


def test_second_half() -> None:
    """By the length of the cycle where it is over, else by the usual one; none without any."""
    days = [STARTS[0] + timedelta(days=at) for at in range(120)]
    found = luteal_days(STARTS, days[-1], days)
    assert date(2026, 1, 16) not in found and date(2026, 1, 17) in found
    assert date(2026, 1, 30) in found and date(2026, 1, 31) not in found
    # 28 and 30 days: 29, half of which is over on day 15.
    assert date(2026, 3, 16) not in found and date(2026, 3, 17) in found
    assert date(2026, 4, 14) in found and date(2026, 4, 15) not in found
    assert luteal_days(STARTS[:1], days[-1], days) == frozenset()
    assert luteal_days((), days[-1], days) == frozenset()
    then = date(2026, 2, 20)
    assert max(luteal_days(STARTS, then, days)) == then
    # As known on a day: with one start there is no length yet.
    assert luteal_days(STARTS, date(2026, 1, 20), days) == frozenset()


def test_log_of_lengths() -> None:
    """From thirteen starts on, without holes; no verdict."""
    starts = [date(2025, 1, 1)]
    for length in (28, 30, 27, 29, 28, 36, 28, 28, 29, 61, 28, 28):
        starts.append(starts[-1] + timedelta(days=length))
    found = length_log(starts, starts[-1])
    assert isinstance(found, dict)
    assert found["longest"] == 61 and found["largest_difference"] == 33
    assert found["lengths"][:3] == [28, 30, 27] and found["differences"][:2] == [2, 3]
    assert found["confidence"] == pytest.approx(13 / 24, abs=1e-3)
    assert length_log(starts[1:], starts[-1]) == "need_input:name=period_start,have=12,need=13"
    holed = [starts[0] - timedelta(days=120), *starts]
    assert length_log(holed, starts[-1]) == "log_has_holes"


def test_warm_nights_confirm_afterwards() -> None:
    """Three nights in a row above all of the six before, and a fifth of a degree more."""
    start = date(2026, 3, 2)
    skin = {start + timedelta(days=at): 34.0 + 0.02 * (at % 3) for at in range(15)}
    warm = {start + timedelta(days=at): 34.4 for at in range(15, 20)}
    since = start + timedelta(days=15)
    assert warmer_since(skin | warm, start, start + timedelta(days=19)) == since
    assert warmer_since(skin | warm, start, start + timedelta(days=16)) is None
    assert warmer_since(skin, start, start + timedelta(days=19)) is None
    little = dict.fromkeys(warm, 34.2)
    assert warmer_since(skin | little, start, start + timedelta(days=19)) is None
    broken = skin | warm
    del broken[start + timedelta(days=16)]
    assert warmer_since(broken, start, start + timedelta(days=17)) is None
    sparse = {day: value for day, value in skin.items() if day.day % 2} | warm
    assert warmer_since(sparse, start, start + timedelta(days=19)) is None


@given(st.lists(st.integers(15, 60), min_size=1, max_size=14), st.integers(0, 90))
def test_any_log_gives_a_whole_answer_or_a_reason(lengths: list[int], after: int) -> None:
    """The next start lies ahead unless it is overdue; the day counts from the last start."""
    starts = [date(2024, 1, 1)]
    for length in lengths:
        starts.append(starts[-1] + timedelta(days=length))
    day = starts[-1] + timedelta(days=after)
    found = cycle_on(starts, day)
    if isinstance(found, str):
        assert found.startswith("cycle_lost")
        return
    assert found.number == after + 1
    assert found.overdue == (found.next_start <= day)
    assert 0.0 < found.confidence <= 0.9
    assert min(lengths) <= found.length <= max(lengths)
    assert found.to_dict()["phase"] == found.phase.name.lower()
