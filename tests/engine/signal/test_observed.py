"""What was observed of the seconds of a night."""

from hypothesis import given, strategies as st
import numpy as np

from custom_components.openstrap.engine.signal.observed import observed_seconds
from custom_components.openstrap.engine.signal.runs import runs

from ..series import GEN4_STEP_S, clock, samples_of

START = 1_782_900_000.0


def test_everything_at_any_pace() -> None:
    """Records 0.961 s, 1 s or a jittered second apart cover every second."""
    for step_s in (GEN4_STEP_S, 1.0, 1.4):
        samples = samples_of(clock(START, START + 300.0, step_s))
        worn = np.ones(len(samples), dtype=bool)
        assert observed_seconds(samples, worn, START, 300).all()


def test_a_hole_and_its_edges() -> None:
    """Within a second of the records on either side, no further."""
    ts = np.concatenate([clock(START, START + 100.0), clock(START + 200.0, START + 300.0)])
    seen = observed_seconds(samples_of(ts), np.ones(len(ts), dtype=bool), START, 300)
    first, last = runs(~seen)
    assert (first.tolist(), last.tolist()) == ([101], [199])


def test_a_pulse_must_be_near() -> None:
    """Records whose heart rate is over 15 s away do not count."""
    ts = clock(START, START + 200.0)
    hr = np.where((ts < START + 50.0) | (ts >= START + 150.0), 55, 0)
    seen = observed_seconds(samples_of(ts, hr_bpm=hr), np.ones(200, dtype=bool), START, 200)
    first, last = runs(~seen)
    assert (first.tolist(), last.tolist()) == ([65], [135])


def test_off_the_wrist_and_nothing_at_all() -> None:
    """A strap on a table observes nobody, and neither does none."""
    samples = samples_of(clock(START, START + 60.0))
    assert not observed_seconds(samples, np.zeros(60, dtype=bool), START, 60).any()
    assert not observed_seconds(samples_of([]), np.zeros(0, dtype=bool), START, 60).any()
    assert len(observed_seconds(samples, np.ones(60, dtype=bool), START, 0)) == 0


@given(st.lists(st.booleans(), max_size=60), st.integers(0, 59))
def test_less_worn_is_never_more_observed(worn: list[bool], lost: int) -> None:
    """Taking a record away adds no second, whatever the time of the night."""
    samples = samples_of(START + np.arange(float(len(worn))))
    mask = np.array(worn, dtype=bool)
    before = observed_seconds(samples, mask, START, 70)
    mask[lost : lost + 1] = False
    assert not (observed_seconds(samples, mask, START, 70) & ~before).any()
