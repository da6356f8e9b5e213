"""Whether history is asked for again."""

import pytest

from custom_components.openstrap.strap.policy.rounds import (
    CONSOLE_ONLY_DRAINS,
    STUCK_AFTER_S,
    UNPRODUCTIVE_ROUNDS,
    After,
    Round,
    RoundsMemory,
    RoundsPolicy,
)

PRODUCTIVE = Round(bursts=3, received=150)
EMPTY = Round()
CONSOLES = Round(bursts=1, received=4, consoles=4)


@pytest.mark.parametrize(
    ("done", "newest", "stored", "after"),
    [
        (PRODUCTIVE, 1000.0, 699.0, After.AGAIN),
        (PRODUCTIVE, 1000.0, 700.0, After.DONE),
        (PRODUCTIVE, 1000.0, None, After.AGAIN),
        (PRODUCTIVE, None, 700.0, After.AGAIN),
        (Round(bursts=1, received=2), None, 700.0, After.DONE),
        (EMPTY, 1000.0, 1000.0, After.DONE),
        (EMPTY, 1000.0, 600.0, After.AGAIN),
        (EMPTY, None, None, After.DONE),
    ],
)
def test_the_first_round(
    done: Round, newest: float | None, stored: float | None, after: After
) -> None:
    """Up to date is within five minutes; with no range known, a lone burst is the end."""
    policy = RoundsPolicy(RoundsMemory())
    assert policy.judge(done, newest_ts=newest, stored_ts=stored, now=0.0) is after


def judge_empty(policy: RoundsPolicy, now: float) -> After:
    """Judge a round that brought nothing while the strap has more."""
    return policy.judge(EMPTY, newest_ts=1000.0, stored_ts=0.0, now=now)


def test_unproductive_rounds_end() -> None:
    """And begin again with the next catch-up."""
    policy = RoundsPolicy(RoundsMemory())
    for _ in range(2):
        policy.start()
        afters = [judge_empty(policy, 0.0) for _ in range(UNPRODUCTIVE_ROUNDS)]
        assert afters == [After.AGAIN] * (UNPRODUCTIVE_ROUNDS - 1) + [After.DONE]


def test_what_is_recorded_meanwhile_is_no_progress() -> None:
    """Each round brings a little, and the end stays as far away."""
    policy = RoundsPolicy(RoundsMemory())
    afters = [
        policy.judge(PRODUCTIVE, newest_ts=5000.0 + 5 * turn, stored_ts=5.0 * turn, now=5.0 * turn)
        for turn in range(UNPRODUCTIVE_ROUNDS + 1)
    ]
    assert afters == [After.AGAIN] * UNPRODUCTIVE_ROUNDS + [After.DONE]
    assert policy.memory.stuck_since is None


def test_a_slow_catch_up_goes_on() -> None:
    """As long as each round comes nearer."""
    policy = RoundsPolicy(RoundsMemory())
    for turn in range(40):
        after = policy.judge(PRODUCTIVE, newest_ts=5000.0, stored_ts=100.0 * turn, now=60.0 * turn)
        assert after is After.AGAIN


def test_nothing_for_ten_minutes_is_stuck_also_over_sessions() -> None:
    """Then it is pushed once, and gets as long again."""
    memory = RoundsMemory()
    for now, after in (
        (5.0, After.AGAIN),
        (5.0 + STUCK_AFTER_S - 1, After.AGAIN),
        (5.0 + STUCK_AFTER_S, After.STUCK),
        (6.0 + STUCK_AFTER_S, After.AGAIN),
    ):
        policy = RoundsPolicy(memory)
        assert judge_empty(policy, now) is after
        memory = policy.memory


def test_anything_new_ends_being_stuck() -> None:
    """As does having caught up."""
    for done, stored in ((PRODUCTIVE, 0.0), (EMPTY, 1000.0)):
        policy = RoundsPolicy(RoundsMemory(stuck_since=0.0))
        policy.judge(done, newest_ts=1000.0, stored_ts=stored, now=STUCK_AFTER_S)
        assert policy.memory.stuck_since is None


def test_nothing_but_log_lines_means_a_lost_clock() -> None:
    """Three times in a row, over sessions; anything else breaks the row."""
    memory = RoundsMemory()
    rounds = [CONSOLES] * 2 + [PRODUCTIVE] + [CONSOLES] * CONSOLE_ONLY_DRAINS
    afters = []
    for done in rounds:
        policy = RoundsPolicy(memory)
        afters.append(policy.judge(done, newest_ts=None, stored_ts=None, now=0.0))
        memory = policy.memory
    assert After.CLOCK_LOST not in afters[:-1]
    assert afters[-1] is After.CLOCK_LOST
    assert memory.console_only == 0
