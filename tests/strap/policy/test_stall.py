"""How often a transfer is begun anew."""

from custom_components.openstrap.strap.policy.stall import StallPolicy


def test_three_restarts_of_each_kind() -> None:
    """An acknowledgement gives those for damage back, not those for silence."""
    stall = StallPolicy()
    assert [stall.may_restart_silent() for _ in range(4)] == [True, True, True, False]
    assert [stall.may_restart_damaged() for _ in range(4)] == [True, True, True, False]
    stall.acknowledged()
    assert stall.may_restart_damaged()
    assert not stall.may_restart_silent()
