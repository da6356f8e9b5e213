"""Training impulse: known answers."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.training.trimp import banister_rate, banister_trimp, reserve

from .wearers import anchors_made


@pytest.mark.parametrize(
    ("bpm", "men", "women"),
    [
        (60, 0.0, 0.0),
        (85, 0.183848, 0.235182),
        (105, 0.447761, 0.550672),
        (120, 0.748980, 0.894322),
        (145, 1.548391, 1.760077),
        (165, 2.588006, 2.828253),
        (187, 4.365413, 4.568464),
    ],
)
def test_a_minute(bpm: float, men: float, women: float) -> None:
    """Rest 60, maximum 187."""
    share = reserve([bpm], 60.0, 187.0)
    assert banister_rate(share, "m")[0] == pytest.approx(men, rel=1e-5, abs=1e-9)
    assert banister_rate(share, None)[0] == pytest.approx(men, rel=1e-5, abs=1e-9)
    assert banister_rate(share, "f")[0] == pytest.approx(women, rel=1e-5, abs=1e-9)


def test_half_an_hour() -> None:
    """30 minutes at 150 between 60 and 190, in any cut."""
    anchors = anchors_made(60.0, 190.0)
    assert banister_trimp(np.full(30, 150.0), 1.0, anchors) == pytest.approx(50.2201, rel=1e-5)
    assert banister_trimp(np.full(1800, 150.0), 1.0 / 60.0, anchors) == pytest.approx(
        50.2201, rel=1e-5
    )


@pytest.mark.parametrize(
    ("bout", "minutes", "trimp"),
    [(85, 0, 176.4941), (105, 60, 192.3289), (145, 45, 237.8986), (165, 90, 392.8684)],
)
def test_whole_days(bout: float, minutes: int, trimp: float) -> None:
    """960 waking minutes at 85 with a bout."""
    found = banister_trimp(
        np.array([bout, 85.0]), np.array([float(minutes), 960.0 - minutes]), anchors_made()
    )
    assert found == pytest.approx(trimp, rel=1e-4)


def test_without_a_heart_rate() -> None:
    """Nothing known is not nothing done."""
    assert banister_trimp(np.array([np.nan]), 1.0, anchors_made()) is None
    assert banister_trimp(np.array([]), 1.0, anchors_made()) is None
    known = banister_trimp(np.array([np.nan, 120.0]), 1.0, anchors_made())
    assert known == pytest.approx(0.748980, rel=1e-5)


def test_no_reserve() -> None:
    """A maximum at rest is refused."""
    with pytest.raises(ValueError, match="above"):
        reserve([100.0], 60.0, 60.0)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.sampled_from(["m", "f", None]))
def test_harder_costs_more(one: float, other: float, sex: None) -> None:
    """The cost of a minute never falls as the share grows."""
    low, high = sorted((one, other))
    assert banister_rate(low, sex) <= banister_rate(high, sex)
