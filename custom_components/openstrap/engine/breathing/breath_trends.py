"""What the night's breath and warmth say beside earlier nights, wrapped."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from ..against_usual import against_usual
from ..baseline import RESPIRATION_BRPM, SKIN_TEMPERATURE_C
from ..facts import DayFacts, values_of
from ..heart.daily_wave import hourly_of, wave_metrics
from ..metric import Metric, Tier, clamp, need_input
from ..metric_spec import MetricSpec
from .usual import CVHR_NIGHTS, NO_NIGHT, cyclic_usual, warm_nights

WAVE_CONFIDENCE: Final = (0.1, 0.9)
CVHR_CONFIDENCE: Final = (0.3, 0.7)
RAISED, NORMAL, THIN = 0.7, 0.6, 0.3
"""Confidence of a raised temperature, of a usual one, and of a usual one among few nights."""
THIN_NIGHTS: Final = 14
"""Fewer nights are few (judgement)."""

ROWS: Final = (
    MetricSpec(
        "breathing_rate_deviation", "sd", 2, Tier.HIGH, "Breathing rate deviation",
        headline=False, kind="trend",
    ),
    MetricSpec(
        "cvhr_usual", "1/h", 1, Tier.ESTIMATE, "Usual cyclic heart rate variation",
        headline=False, kind="trend",
    ),
    MetricSpec(
        "skin_temp_deviation_c", "Δ°C", 2, Tier.RELATIVE, "Skin temperature deviation",
        headline=False, kind="trend",
    ),
    MetricSpec(
        "skin_temp_amplitude_c", "Δ°C", 2, Tier.RELATIVE, "Skin temperature wave height",
        headline=False, kind="trend",
    ),
    MetricSpec(
        "skin_temp_peak_h", "h", 2, Tier.RELATIVE, "Skin temperature peak hour",
        headline=False, kind="trend",
    ),
    MetricSpec(
        "temperature_flag", "level", 0, Tier.RELATIVE, "Raised skin temperature",
        headline=False, kind="trend",
    ),
)  # fmt: skip
SPEC: Final = {row.key: row for row in ROWS}

RATE: Final = ("breathing rate",)
CYCLIC: Final = ("cyclic variation",)
SKIN: Final = ("skin temperature",)


def breath_trends(facts: Mapping[date, DayFacts], day: date) -> dict[str, Metric]:
    """Every metric of ``ROWS`` for a day, from its own facts and those of earlier days.

    Later days are left out; no metric reaches back more than 120 days.
    """
    known = {d: fact for d, fact in facts.items() if d <= day}
    return {
        "breathing_rate_deviation": against_usual(
            SPEC["breathing_rate_deviation"],
            RESPIRATION_BRPM,
            values_of(known, "breathing_rate_brpm"),
            day,
            name="brpm",
            inputs=RATE,
            missing=need_input("breathing_rate_brpm", 0, 1),
        ),
        "cvhr_usual": _cyclic(known, day),
        "skin_temp_deviation_c": against_usual(
            SPEC["skin_temp_deviation_c"],
            SKIN_TEMPERATURE_C,
            values_of(known, "skin_temp_c"),
            day,
            name="c",
            inputs=SKIN,
            missing=NO_NIGHT,
        ),
        **_skin_wave(known, day),
        "temperature_flag": _flag(values_of(known, "skin_temp_c"), day),
    }


def _skin_wave(facts: Mapping[date, DayFacts], day: date) -> dict[str, Metric]:
    """Tell how high the skin's wave of a day is and when it peaks, of a still wrist."""
    rows = {"amplitude": SPEC["skin_temp_amplitude_c"], "peak": SPEC["skin_temp_peak_h"]}
    hourly = hourly_of(facts, day, lambda fact: fact.hourly_skin_c)
    return wave_metrics(rows, hourly, day, SKIN, WAVE_CONFIDENCE)


def _cyclic(facts: Mapping[date, DayFacts], day: date) -> Metric:
    row = SPEC["cvhr_usual"]
    found = cyclic_usual(values_of(facts, "cvhr_per_h"), values_of(facts, "cvhr_observed_h"), day)
    if isinstance(found, str):
        return row.absent(found, CYCLIC)
    return row.measured(
        found.mean,
        clamp(0.3 + 0.4 * found.nights / CVHR_NIGHTS, *CVHR_CONFIDENCE),
        CYCLIC,
        drivers=(
            ("recent", found.recent),
            ("p25", found.p25),
            ("p75", found.p75),
            ("nights", found.nights),
        ),
        note="recent=above_usual" if found.above else "recent=usual",
    )


def _flag(skin_c: Mapping[date, float], day: date) -> Metric:
    row = SPEC["temperature_flag"]
    found = warm_nights(skin_c, day)
    if isinstance(found, str):
        return row.absent(found, SKIN)
    usual = NORMAL if found.nights >= THIN_NIGHTS else THIN
    return row.measured(
        float(found.raised),
        RAISED if found.raised else usual,
        SKIN,
        drivers=(("z", found.z), ("above_usual_c", found.above_c), ("nights", found.nights)),
    )
