"""The rate at which one person may push."""

from hypothesis import given, strategies as st

from custom_components.openstrap.phone.bucket import (
    CAPACITY,
    MOST_SENDERS,
    REFILL_PER_SECOND,
    TokenBuckets,
)

START = 1000.0


def emptied() -> TokenBuckets:
    """Give buckets of which one user has spent all tokens."""
    buckets = TokenBuckets()
    assert [buckets.take("a", START) for _ in range(30)] == [0] * 30
    return buckets


def test_thirty_pass_and_the_next_waits_two_seconds() -> None:
    """The contract's numbers: 30 at once, then one every two seconds."""
    buckets = emptied()
    assert buckets.take("a", START) == 2
    assert buckets.take("a", START + 1) == 1
    assert buckets.take("a", START + 2) == 0
    assert buckets.take("a", START + 2) == 2


def test_users_do_not_share() -> None:
    """One person's phone does not stop another's."""
    buckets = emptied()
    assert buckets.take("a", START) > 0
    assert buckets.take("b", START) == 0


def test_a_refused_request_costs_nothing() -> None:
    """Trying again too early does not push the moment away."""
    buckets = emptied()
    assert all(buckets.take("a", START + tenths / 8) for tenths in range(16))
    assert buckets.take("a", START + 2) == 0


@given(st.lists(st.floats(0, 10), max_size=200))
def test_never_more_than_burst_and_refill(pauses: list[float]) -> None:
    """Whatever the pauses, in no stretch of time pass more than it allows."""
    now = START
    buckets = TokenBuckets()
    passed = 0
    for pause in pauses:
        now += pause
        passed += buckets.take("a", now) == 0
        assert passed <= CAPACITY + (now - START) * REFILL_PER_SECOND + 1e-6


def test_other_numbers() -> None:
    """Two at once, then one in ten seconds; asking how long costs nothing."""
    buckets = TokenBuckets(2.0, 0.1)
    assert [buckets.wait("a", START) for _ in range(5)] == [0] * 5
    assert [buckets.take("a", START) for _ in range(3)] == [0, 0, 10]
    assert buckets.wait("a", START + 9.5) == 1
    assert buckets.take("a", START + 10) == 0


def test_what_is_remembered_is_bounded() -> None:
    """Of a flood of senders the one that was heard of longest ago is forgotten."""
    buckets = TokenBuckets(1.0, 0.001)
    for sender in range(MOST_SENDERS):
        buckets.take(str(sender), START)
    assert buckets.wait("0", START) > 0
    buckets.take("one more", START)
    assert buckets.wait("0", START) == 0
    assert buckets.wait("1", START) > 0
    assert len(buckets._levels) == MOST_SENDERS
