"""Pauses between connections."""

import math

from custom_components.openstrap.strap.errors import FaultKind
from custom_components.openstrap.strap.policy.backoff import Backoff


def test_the_pauses_grow() -> None:
    """1, 2, 5, 15 minutes, and again from the start after a success."""
    backoff = Backoff(lambda: 0.5)
    kind = FaultKind.LINK_LOST
    assert [backoff.failure(kind) for _ in range(5)] == [60.0, 120.0, 300.0, 900.0, 900.0]
    backoff.success()
    assert backoff.failure(kind) == 60.0


def test_some_faults_have_pauses_of_their_own() -> None:
    """Five refusals half an hour; damage two minutes at least; some go on at once."""
    backoff = Backoff(lambda: 0.5)
    delays = [backoff.failure(FaultKind.BOND_REFUSED) for _ in range(5)]
    assert delays[-1] == 1800.0
    assert Backoff(lambda: 0.5).failure(FaultKind.DAMAGED) == 120.0
    backoff = Backoff(lambda: 0.5)
    assert backoff.failure(FaultKind.CLOCK_LOST) == 5.0
    assert backoff.failure(FaultKind.CLOCK_LOST) == 120.0


def test_jitter() -> None:
    """A fifth to either side."""
    assert math.isclose(Backoff(lambda: 0.0).failure(FaultKind.LINK_LOST), 48.0)
    assert math.isclose(Backoff(lambda: 1.0).failure(FaultKind.LINK_LOST), 72.0)
