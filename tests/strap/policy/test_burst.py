"""Which bursts are acknowledged."""

from collections.abc import Iterable

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.strap.policy.burst import (
    BELIEVE_PAST_AFTER,
    LAST_TRY,
    LEARNT_AFTER,
    PROOF_REPEATS,
    PROOF_REPEATS_LOSSY,
    BurstMemory,
    BurstPolicy,
    BurstTally,
    Verdict,
)

TOKEN = b"\x01" * 8
OTHER = b"\x02" * 8


def tally(records: Iterable[int] = range(50), **counts: object) -> BurstTally:
    """Make the tally of a burst."""
    return BurstTally(records=frozenset(records), **counts)  # type: ignore[arg-type]


def judge(
    policy: BurstPolicy,
    burst: BurstTally,
    expected: int,
    *,
    token: bytes = TOKEN,
    past_rounds: int = 0,
) -> Verdict:
    """Judge it."""
    return policy.judge(token, burst, expected=expected, past_rounds=past_rounds)


@pytest.fixture(params=[True, False], ids=["gen5", "gen4"])
def policy(request: pytest.FixtureRequest) -> BurstPolicy:
    """Give a fresh policy."""
    return BurstPolicy(BurstMemory(), count_binds=request.param)


def test_a_burst_that_fits_is_acknowledged(policy: BurstPolicy) -> None:
    """Also when all of it was known, when something else was damaged, and when it is empty."""
    assert judge(policy, tally(), 50) is Verdict.ACKNOWLEDGE
    assert judge(policy, tally(damaged=True), 50) is Verdict.ACKNOWLEDGE
    assert judge(policy, tally((), others=3), 3, token=OTHER) is Verdict.ACKNOWLEDGE
    assert judge(policy, tally(()), 0, token=TOKEN) is Verdict.ACKNOWLEDGE


@pytest.mark.parametrize("expected", [51, 52, 90, 49])
def test_one_that_does_not_fit_is_asked_for_again(policy: BurstPolicy, expected: int) -> None:
    """Too many packets can hide a missing record just as well."""
    assert judge(policy, tally(), expected) is Verdict.AGAIN


def test_what_came_in_any_try_counts(policy: BurstPolicy) -> None:
    """Records that were lost at different tries are all on disk."""
    assert judge(policy, tally(set(range(50)) - {7}), 50) is Verdict.AGAIN
    assert judge(policy, tally(set(range(50)) - {9}), 50) is Verdict.ACKNOWLEDGE


def test_tries_of_another_burst_do_not_count(policy: BurstPolicy) -> None:
    """The union is of one token."""
    assert judge(policy, tally(set(range(50)) - {7}), 50) is Verdict.AGAIN
    assert judge(policy, tally(set(range(50)) - {9}), 50, token=OTHER) is Verdict.AGAIN


def test_events_of_an_earlier_try_do_not_count(policy: BurstPolicy) -> None:
    """They differ from try to try, so they could stand in for a record."""
    assert judge(policy, tally(range(49), others=2), 52) is Verdict.AGAIN
    assert judge(policy, tally(range(49), others=2), 52) is Verdict.AGAIN


def test_a_misfit_that_repeats_itself_lies_in_the_counting(policy: BurstPolicy) -> None:
    """Nothing new three times over: everything is here."""
    assert judge(policy, tally(), 52) is Verdict.AGAIN
    for _ in range(PROOF_REPEATS - 1):
        assert judge(policy, tally(), 52) is Verdict.AGAIN
    assert judge(policy, tally(), 52) is Verdict.ACKNOWLEDGE


def test_something_new_breaks_the_proof(policy: BurstPolicy) -> None:
    """As does another misfit."""
    for came in (48, 48, 48, 49, 49, 49, 50):
        assert judge(policy, tally(range(came)), 52) is Verdict.AGAIN
    for expected in (53, 53, 53, 52, 52):
        assert judge(policy, tally(), expected) is Verdict.AGAIN


def test_a_link_that_loses_packets_proves_less() -> None:
    """Tries of one burst that differ, or damage, in this burst or before: more repeats."""
    for came, damaged in ((range(49), False), (range(50), True)):
        policy = BurstPolicy(BurstMemory(), count_binds=True)
        assert judge(policy, tally(), 51, token=OTHER) is Verdict.AGAIN
        assert judge(policy, tally(came, damaged=damaged), 51, token=OTHER) is Verdict.AGAIN
        verdicts = [judge(policy, tally(), 52) for _ in range(PROOF_REPEATS_LOSSY + 1)]
        assert verdicts[:-1] == [Verdict.AGAIN] * PROOF_REPEATS_LOSSY
        assert verdicts[-1] is Verdict.ACKNOWLEDGE


def test_a_count_that_binds_allows_little() -> None:
    """More than the slack is never let go, except what came beside the burst."""
    policy = BurstPolicy(BurstMemory(), count_binds=True)
    verdicts = [judge(policy, tally(), 53) for _ in range(LAST_TRY)]
    assert verdicts == [Verdict.AGAIN] * (LAST_TRY - 1) + [Verdict.GIVE_UP]
    policy = BurstPolicy(BurstMemory(), count_binds=True)
    verdicts = [judge(policy, tally(elsewhere=1), 53) for _ in range(PROOF_REPEATS + 1)]
    assert verdicts[-1] is Verdict.ACKNOWLEDGE


def test_a_harmless_misfit_is_learnt(policy: BurstPolicy) -> None:
    """After enough bursts the same misfit passes at once, another one does not."""
    for burst in range(LEARNT_AFTER):
        token = bytes((burst,)) * 8
        for _ in range(PROOF_REPEATS + 1):
            verdict = judge(policy, tally(), 51, token=token)
        assert verdict is Verdict.ACKNOWLEDGE
        policy.acknowledged()
    assert judge(policy, tally(), 51, token=b"\x0a" * 8) is Verdict.ACKNOWLEDGE
    assert judge(policy, tally(), 52, token=b"\x0b" * 8) is Verdict.AGAIN
    assert judge(policy, tally(damaged=True), 51, token=b"\x0c" * 8) is Verdict.AGAIN


def test_impossible_times(policy: BurstPolicy) -> None:
    """The future is never let go, the past after some sessions, a mixture is no matter."""
    assert judge(policy, tally(after=50), 50, past_rounds=99) is Verdict.IMPLAUSIBLE
    assert judge(policy, tally(after=1, before=49), 50, past_rounds=99) is Verdict.IMPLAUSIBLE
    late = BELIEVE_PAST_AFTER
    assert judge(policy, tally(before=50), 50, past_rounds=late - 1) is Verdict.IMPLAUSIBLE
    assert judge(policy, tally(before=50), 50, past_rounds=late) is Verdict.ACKNOWLEDGE
    assert judge(policy, tally(after=49), 50) is Verdict.ACKNOWLEDGE
    assert judge(policy, tally((), others=2), 2, token=OTHER) is Verdict.ACKNOWLEDGE


@given(
    lost=st.lists(st.sets(st.integers(0, 19), max_size=3), min_size=1, max_size=40),
    binds=st.booleans(),
)
def test_with_a_true_count_nothing_is_acknowledged_that_never_came(
    lost: list[set[int]], binds: bool
) -> None:
    """Unless the very same record is lost over and over, which only looks like a miscount."""
    policy = BurstPolicy(BurstMemory(), count_binds=binds)
    disk: set[int] = set()
    in_a_row = 0
    before: set[int] = set()
    for missing in lost:
        came = set(range(20)) - missing
        in_a_row = in_a_row + 1 if missing & before else 1
        before = missing & before if in_a_row > 1 else missing
        verdict = judge(policy, tally(came), 20)
        disk |= came
        if verdict is Verdict.ACKNOWLEDGE:
            assert len(disk) == 20 or in_a_row > PROOF_REPEATS
        if verdict is not Verdict.AGAIN:
            break
