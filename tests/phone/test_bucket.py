"""The rate at which one person may push."""

from hypothesis import given, strategies as st

from custom_components.openstrap.phone.bucket import CAPACITY, REFILL_PER_SECOND, TokenBuckets

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
