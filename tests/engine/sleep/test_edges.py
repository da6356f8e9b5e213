"""Where a rest begins and ends, bin by bin."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.sleep.edges import calm_bins, change_point, settled


def bins(*parts: tuple[int, float]) -> np.ndarray:
    """Join stretches of (bins, value)."""
    return np.concatenate([np.full(count, value) for count, value in parts])


@pytest.mark.parametrize("at", [5, 60, 115])
def test_a_clear_edge(at: int) -> None:
    """Movement that ceases, or begins, at one bin."""
    moved = bins((at, 1.0), (120 - at, 0.0))
    place, change = change_point(moved, 0, 120, falls=True)
    assert place == at
    assert change > 0.85
    assert change_point(1.0 - moved, 0, 120, falls=False)[0] == at


def test_a_noisy_edge() -> None:
    """Seven bins in ten move awake, one in ten asleep: the edge is found to a few bins."""
    dice = np.random.default_rng(3)
    off = []
    for _ in range(50):
        moved = np.concatenate([dice.random(80) < 0.7, dice.random(80) < 0.1]).astype(float)
        moved[dice.random(160) < 0.3] = np.nan
        off.append(abs(change_point(moved, 0, 160, falls=True)[0] - 80))
    assert np.median(off) <= 3


def test_no_edge() -> None:
    """The wrong way, no change at all, or nothing seen: the border of the stretch, no change."""
    rises = bins((50, 0.0), (50, 1.0))
    for moved in (rises, bins((100, 0.0)), bins((100, np.nan)), bins((50, np.nan), (50, 0.0))):
        assert change_point(moved, 10, 90, falls=True) == (10, 0.0)
    assert change_point(1.0 - rises, 10, 90, falls=False) == (90, 0.0)
    assert change_point(rises, 5, 5, falls=True) == (5, 0.0)
    stirs = bins((8, 0.0), (2, 1.0), (90, 0.0))
    assert change_point(stirs, 0, 100, falls=True)[0] == 10
    assert change_point(stirs, 0, 100, falls=True, active=0.3) == (0, 0.0)


def test_settled_sleep() -> None:
    """From the first to the last ten minutes with at most one moving bin."""
    moved = bins((30, 1.0), (40, 0.0), (20, 1.0), (60, 0.0), (39, 1.0))
    assert settled(moved) == (30, 150)
    moved[45] = 1.0
    assert settled(moved) == (30, 150)
    moved[50] = 1.0
    assert settled(moved) == (90, 150)


def test_the_moving_bin_is_never_at_an_end() -> None:
    """Nor is what was not observed."""
    assert settled(bins((1, 1.0), (39, 0.0))) == (1, 40)
    assert settled(bins((10, np.nan), (60, 0.0), (10, np.nan))) == (10, 70)


def test_not_settled() -> None:
    """Too short, moving, or too little seen of it."""
    assert settled(bins((39, 0.0))) is None
    assert settled(np.tile([0.0, 0.0, 0.0, 1.0], 40)) is None
    assert settled(bins((19, 0.0), (100, np.nan))) is None
    assert settled(bins((20, 0.0), (100, np.nan))) == (0, 20)
    assert settled(np.empty(0)) is None


@given(st.lists(st.sampled_from([0.0, 1.0, np.nan]), max_size=150))
def test_calm_is_what_every_ten_minutes_say(values: list[float]) -> None:
    """The same by counting in each ten minutes."""
    moved = np.array(values)
    calm = np.zeros(len(moved), dtype=bool)
    for first in range(len(moved) - 39):
        part = moved[first : first + 40]
        if np.isfinite(part).sum() >= 20 and (part == 1.0).sum() <= 1:
            calm[first : first + 40] = True
    assert calm_bins(moved).tolist() == calm.tolist()
