"""A guess that never claims more than it can."""

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.training.kind import guess_kind

AMOUNTS = st.none() | st.floats(0.0, 400.0)


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ((0.7, 200.0, 20.0), "run"),
        ((0.4, 200.0, 20.0), "walk"),
        ((0.7, 30.0, 20.0), "cardio"),
        ((0.4, 30.0, 20.0), "other"),
        ((0.7, None, None), "cardio"),
        ((0.7, 200.0, None), "cardio"),
        ((0.7, 200.0, 0.0), "cardio"),
        ((0.5, 200.0, 20.0, 160.0), "run"),
        ((0.7, 200.0, 20.0, 110.0), "walk"),
        ((0.7, 200.0, 20.0, 10.0), "cardio"),
        ((0.4, 200.0, 20.0, 0.0), "other"),
    ],
)
def test_guesses(arguments: tuple[float, ...], kind: str) -> None:
    """By steps where they were counted, else by movement, else by the heart alone."""
    assert guess_kind(*arguments).kind == kind


@given(st.floats(0.0, 1.0), AMOUNTS, AMOUNTS, AMOUNTS)
def test_never_sure(
    share: float, moving: float | None, usual: float | None, cadence: float | None
) -> None:
    """Half at most, and something always."""
    assert 0.0 < guess_kind(share, moving, usual, cadence).confidence <= 0.5
