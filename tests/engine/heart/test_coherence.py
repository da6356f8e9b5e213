"""How much of the variation is one slow wave."""

import numpy as np
import pytest

from custom_components.openstrap.engine.heart.coherence import (
    Coherence,
    coherence,
    coherence_metric,
)
from custom_components.openstrap.engine.metric import DEGENERATE_SIGNAL

from ..series import beats_of, lcg, tone, tone_a


def found_in(rr_ms: object) -> Coherence:
    """Coherence of intervals end to end."""
    beats = beats_of(rr_ms)  # type: ignore[arg-type]  # object stands for any array-like
    found = coherence(beats.rr_ms, beats.t_s)
    assert isinstance(found, Coherence)
    return found


def test_half_an_hour() -> None:
    """COH1."""
    found = found_in(tone_a())
    assert found.peak_hz == pytest.approx(0.099741, abs=1e-6)
    assert found.per_min == pytest.approx(60.0 * found.peak_hz)
    assert found.ratio == pytest.approx(1.607818)
    assert found.score == pytest.approx(61.653757)


def test_one_wave_beside_chance() -> None:
    """Paced breathing is coherent, chance is not."""
    paced = found_in(tone(300, 900.0, (60.0, 0.1), (0.0, 0.2)))
    chance = found_in(900.0 + 120.0 * (lcg(300) - 0.5))
    assert paced.score > 90.0
    assert chance.score < 40.0


def test_confidence_needs_time_and_the_pace() -> None:
    """A guided pace that is met is surer than one that is not, a minute less sure than three."""
    beats = beats_of(tone(300, 900.0, (60.0, 0.1), (0.0, 0.2)))

    def sure(beats_n: int, pace: float | None) -> float:
        return coherence_metric(
            beats.rr_ms[:beats_n], beats.t_s[:beats_n], pace_per_min=pace
        ).confidence

    assert sure(300, 6.0) == 0.9
    assert sure(300, None) == sure(300, 9.0) == 0.85
    assert sure(70, 6.0) < sure(150, 6.0) < sure(300, 6.0)


def test_refusals() -> None:
    """Few beats, a short span, a heart like a clock, nothing."""
    for rr, reason in (
        (tone_a()[:19], "need_input:name=beats,have=19,need=20"),
        (tone_a()[:25] * 0.8, "need_input:name=span_s"),
        (np.full(200, 1000.0), DEGENERATE_SIGNAL),
        (np.empty(0), "need_input:name=beats,have=0"),
    ):
        beats = beats_of(rr)
        metric = coherence_metric(beats.rr_ms, beats.t_s)
        assert (metric.value, metric.confidence) == (None, 0.0)
        assert (metric.note or "").startswith(reason)
