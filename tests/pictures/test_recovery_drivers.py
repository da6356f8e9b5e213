"""The picture of a recovery."""

import math

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.baseline import need_baseline
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.recovery.bands import Band
from custom_components.openstrap.pictures import Theme, recovery_drivers
from custom_components.openstrap.pictures.recovery_drivers import BARS_LEFT, BARS_RIGHT, CENTRE
from custom_components.openstrap.pictures.theme import PALETTES

from .made import DAY, Drawn, metrics_of, sound
from .recoveries import recovered

LIGHT = PALETTES[Theme.LIGHT]
ZERO = (BARS_LEFT + BARS_RIGHT) / 2.0


def needle(drawn: Drawn, colour: str) -> float:
    """Points at which the needle stands."""
    [line] = [line for line in drawn.lines(colour) if len(line) == 2]
    (x, y), _ = line
    return 100.0 * (1.0 - math.atan2(CENTRE[1] - y, x - CENTRE[0]) / math.pi)


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize(
    ("score", "band", "word"),
    [(33, Band.RED, "Low"), (34, Band.YELLOW, "Medium"), (67, Band.GREEN, "High")],
)
def test_number_band_and_needle_agree(theme: Theme, score: float, band: Band, word: str) -> None:
    """In the word, in its colour, and on the scale."""
    drawn = sound(recovery_drivers(recovered(score), theme, name="Ada"))
    palette = PALETTES[theme]
    assert {str(score), "%", word, "Confidence 90 %", "Ada · Thu 15 Jan"} <= set(drawn.texts)
    assert len(drawn.rects(palette.bands[band].fill)) == 1
    assert needle(drawn, palette.text) == pytest.approx(score, abs=0.4)
    assert f"Recovery {score} of 100, {word.lower()}." in drawn.told


def test_bars_are_the_points() -> None:
    """Right for what was added, left for what was taken, as long as it was; the sum is the score."""
    drawn = sound(recovery_drivers(recovered(70), Theme.LIGHT))
    a_point = (BARS_RIGHT - BARS_LEFT) / 20.0
    gains = [box for box in drawn.rects(LIGHT.gain) if box.bottom - box.top == 16.0]
    losses = [box for box in drawn.rects(LIGHT.loss) if box.bottom - box.top == 16.0]
    assert [(box.right - box.left) / a_point for box in gains] == pytest.approx(
        [8.3, 2.5], abs=0.05
    )
    assert [(box.right - box.left) / a_point for box in losses] == pytest.approx(
        [1.6, 0.4], abs=0.05
    )
    assert (
        {round(box.left, 1) for box in gains} == {round(box.right, 1) for box in losses} == {ZERO}
    )
    texts = drawn.texts
    assert texts[texts.index("HRV") : texts.index("HRV") + 3] == ["HRV", "45 ms", "+8.3"]
    assert texts[texts.index("Breathing rate") + 1] == "−1.6"
    assert texts[texts.index("Sleep") + 1] == "85 % of need"
    assert "A night on which all is as usual gives 61." in " ".join(texts)
    assert "HRV 45 ms: +8.3." in drawn.told


def test_it_says_what_is_still_learnt() -> None:
    """A baseline that is not trusted yet, and a day that is not over."""
    shown = " ".join(
        sound(
            recovery_drivers(
                recovered(70, note="baseline=provisional;without:sleep"),
                Theme.LIGHT,
                provisional=True,
            )
        ).texts
    )
    assert "The baseline is still being learnt" in shown
    assert "Provisional: more data may come." in shown
    plain = " ".join(sound(recovery_drivers(recovered(70), Theme.LIGHT)).texts)
    assert "learnt" not in plain
    assert "Provisional" not in plain


def test_without_a_recovery_it_says_why() -> None:
    """While it calibrates, and while there is no night."""
    result = DayResult(DAY, "Europe/Berlin", 1, metrics_of({}, need_baseline(2, 4)))
    drawn = sound(recovery_drivers(result, Theme.LIGHT, name="Ada"))
    assert "Calibrating: 2 of 4 nights are known." in " ".join(drawn.texts)
    assert "No night has been recorded yet." in " ".join(
        sound(recovery_drivers(None, Theme.DARK)).texts
    )
    assert sound(recovery_drivers(DayResult(DAY, "UTC", 1, {}), Theme.DARK)).texts


def test_a_score_without_drivers_and_an_unknown_driver() -> None:
    """Of an older or a later algorithm."""
    assert "Why" not in sound(recovery_drivers(recovered(50, ()), Theme.LIGHT)).texts
    result = recovered(50, (("moon_phase_and_everything_else", 3.0), ("skin_temp", -2.0)))
    drawn = sound(recovery_drivers(result, Theme.LIGHT))
    assert any(text.startswith("moon phase") and text.endswith("…") for text in drawn.texts)
    assert "Skin temperature" in drawn.texts


@given(
    score=st.floats(0.0, 100.0),
    points=st.dictionaries(
        st.sampled_from(["hrv", "resting_hr", "breathing", "skin_temp", "sleep"]),
        st.floats(-99.9, 99.9),
    ),
    rmssd=st.floats(0.0, 99999.0),
)
def test_any_recovery_can_be_drawn(score: float, points: dict[str, float], rmssd: float) -> None:
    """Nothing beyond the picture, nothing on top of each other, the needle on its scale."""
    result = recovered(score, tuple(points.items()), rmssd_ms=rmssd)
    drawn = sound(recovery_drivers(result, Theme.LIGHT, name="Ada"))
    assert needle(drawn, LIGHT.text) == pytest.approx(score, abs=0.4)
