"""When history is asked for again."""

from custom_components.openstrap.strap.policy.refresh import RefreshPolicy


def test_refreshes_come_by_the_clock() -> None:
    """Every fifteen minutes from the last one."""
    refresh = RefreshPolicy(100.0)
    assert refresh.due_at == 1000.0
    refresh.done(1000.0, empty=True)
    assert refresh.due_at == 1900.0


def test_the_strap_may_ask_for_one_sooner() -> None:
    """After 90 s, twice and then four times that when there is never anything."""
    refresh = RefreshPolicy(0.0)
    gaps = []
    for _ in range(11):
        refresh.prompt()
        gaps.append(refresh.due_at)
        refresh.done(0.0, empty=True)
    assert gaps == [90.0] * 3 + [180.0] * 3 + [360.0] * 5
    refresh.done(0.0, empty=False)
    refresh.prompt()
    assert refresh.due_at == 90.0


def test_a_person_may_ask_for_one_now() -> None:
    """Once."""
    refresh = RefreshPolicy(50.0)
    refresh.ask()
    assert refresh.due_at == 50.0
    refresh.done(60.0, empty=True)
    assert refresh.due_at == 960.0


def test_a_prompt_never_delays() -> None:
    """Not even when the period is short."""
    refresh = RefreshPolicy(0.0, period_s=60.0)
    refresh.prompt()
    assert refresh.due_at == 60.0
