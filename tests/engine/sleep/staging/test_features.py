"""What is told of each epoch."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from custom_components.openstrap.engine.sleep.staging.features import (
    CONTEXT,
    ENERGIES,
    OFFSETS,
    EnergyFrame,
    align_energy,
    energy_medians,
    matrix,
    night_features,
)
from custom_components.openstrap.engine.sleep.staging.series import Series, night_series

from .nights import START, made_night


def series_of(hours: float = 5.0) -> Series:
    """Lay the made night out."""
    samples, motion = made_night(hours)
    return night_series(samples, None, motion, START, int(hours * 120))


def test_every_feature_is_finite_and_of_one_length() -> None:
    """One value for each epoch."""
    features = night_features(series_of())
    assert {len(values) for values in features.values()} == {600}
    assert all(np.isfinite(values).all() for values in features.values())


def test_smoothing_is_the_textbook_gaussian() -> None:
    """Against scipy, with the mask divided out."""
    series = series_of()
    hidden = series.present.copy()
    hidden[500:600] = False
    holed = Series(series.epochs, series.hr * hidden, hidden, series.motion, series.watched)
    found = night_features(holed)
    smooth = {
        sigma: gaussian_filter1d(
            np.where(hidden, series.hr, 0.0), sigma / 5.0, mode="constant", truncate=3
        )
        / gaussian_filter1d(hidden.astype(float), sigma / 5.0, mode="constant", truncate=3)
        for sigma in (320, 640)
    }
    middle = np.arange(600) * 6 + 3
    band = smooth[320] - smooth[640]
    assert found["b320"] == pytest.approx((band[middle - 1] + band[middle]) / 2.0, abs=1e-9)


def test_context_is_the_neighbours_own_value() -> None:
    """Edges repeat the first and the last epoch."""
    features = night_features(series_of())
    columns = matrix(features)
    own, near = len(features), len(CONTEXT)
    assert columns.shape == (600, own + 2 * len(OFFSETS) * near)
    before = columns[:, own : own + near]
    after = columns[:, own + near : own + 2 * near]
    level = features["lev80"]
    assert before[OFFSETS[0] :, 0] == pytest.approx(level[: -OFFSETS[0]])
    assert (before[: OFFSETS[0], 0] == level[0]).all()
    assert after[: -OFFSETS[0], 0] == pytest.approx(level[OFFSETS[0] :])


def test_stillness_counts_epochs() -> None:
    """Since the last movement, until the next."""
    series = series_of()
    motion = np.zeros(1200)
    motion[[200, 400]] = 4.5
    found = night_features(Series(600, series.hr, series.present, motion, series.watched))
    assert np.expm1(found["since"][[100, 110, 200]]) == pytest.approx([0, 10, 0])
    assert np.expm1(found["until"][[90, 110, 200]]) == pytest.approx([10, 90, 0])
    assert np.expm1(found["still"][150]) == pytest.approx(100.0)


def test_energies_within_a_sd_are_left_alone() -> None:
    """Only what lies beyond is taken back."""
    features = night_features(series_of())
    medians = energy_medians(features)
    calm = EnergyFrame({e: medians[e] + 0.2 for e in ENERGIES}, dict.fromkeys(ENERGIES, 0.3))
    assert all((align_energy(features, calm)[e] == features[e]).all() for e in ENERGIES)
    far = EnergyFrame({e: medians[e] + 1.0 for e in ENERGIES}, dict.fromkeys(ENERGIES, 0.3))
    aligned = align_energy(features, far)
    assert all(aligned[e] == pytest.approx(features[e] + 0.7) for e in ENERGIES)
    others = set(features) - set(ENERGIES)
    assert all(aligned[name] is features[name] for name in others)


def test_a_flat_heart_gives_finite_features() -> None:
    """A constant heart rate has no energy and no place."""
    series = series_of()
    flat = Series(600, np.zeros(3600), np.ones(3600, dtype=bool), series.motion, series.watched)
    assert all(np.isfinite(values).all() for values in night_features(flat).values())
