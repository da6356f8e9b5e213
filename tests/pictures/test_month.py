"""Five weeks as a calendar."""

from datetime import date, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.recovery.bands import Band, band_of, whole
from custom_components.openstrap.pictures import MonthDay, Theme, first_day, month
from custom_components.openstrap.pictures.month import CELL, CELL_HEIGHT, LEFT, SPACE
from custom_components.openstrap.pictures.theme import PALETTES

from .made import Box, Drawn, sound

LIGHT = PALETTES[Theme.LIGHT]
SUNDAY = date(2026, 1, 18)


def cells(drawn: Drawn, fill: str) -> list[Box]:
    """Places of days of a colour."""
    return [box for box in drawn.rects(fill) if box.bottom - box.top > CELL_HEIGHT - 2]


@pytest.mark.parametrize("back", range(7))
def test_the_last_row_is_the_week_of_today(back: int) -> None:
    """Weeks begin on Monday, and there are five."""
    today = SUNDAY - timedelta(days=back)
    assert first_day(today) == date(2025, 12, 15)
    drawn = sound(month({}, today, Theme.LIGHT))
    assert len(cells(drawn, "none")) == 35 - back + 1  # and the frame of today
    assert {"Mon", "Sun", "15 Dec", "12 Jan", f"15 Dec – {today.day} Jan"} <= set(drawn.texts)


@pytest.mark.parametrize("theme", Theme)
def test_places_bands_and_numbers(theme: Theme) -> None:
    """Each day in its week and weekday, in the colour of its band; strain as long as it was."""
    palette = PALETTES[theme]
    days = {
        date(2025, 12, 15): MonthDay(33.4, 21.0),
        date(2026, 1, 14): MonthDay(33.6, 10.5),
        SUNDAY: MonthDay(100.0, 0.0),
    }
    drawn = sound(month(days, SUNDAY, theme))
    columns = []
    for band in Band:
        [box] = cells(drawn, palette.bands[band].fill)
        columns.append(round((box.left - LEFT) / (CELL + SPACE)))
        [bar] = [
            mark
            for mark in drawn.rects(palette.bands[band].text)
            if box.left < mark.left and mark.right < box.right and box.top < mark.top < box.bottom
        ]
        share = {Band.RED: 1.0, Band.YELLOW: 0.5, Band.GREEN: 4.0 / (CELL - 10.0)}[band]
        assert bar.right - bar.left == pytest.approx(share * (CELL - 10.0), abs=0.2)
    assert columns == [0, 2, 6]
    rows = [cells(drawn, palette.bands[band].fill)[0].top for band in Band]
    assert rows[1] - rows[0] == pytest.approx(4 * (CELL_HEIGHT + SPACE), abs=0.1)
    assert rows[1] == rows[2]
    assert {"33", "34", "100"} <= set(drawn.texts)
    assert "56 %" in drawn.texts
    assert "Recovery of 3 days, 32 without." in drawn.told
    assert "Wed 14 Jan: 34 %." in drawn.told


def test_what_is_not_known_is_no_zero() -> None:
    """An empty place; strain alone is a bar in it."""
    days = {
        SUNDAY: MonthDay(None, 7.0),
        SUNDAY - timedelta(days=1): MonthDay(float("nan"), float("nan")),
        SUNDAY - timedelta(days=2): MonthDay(0.4, None),
        SUNDAY + timedelta(days=1): MonthDay(50.0, 5.0),
    }
    drawn = sound(month(days, SUNDAY, Theme.LIGHT))
    assert [text for text in drawn.texts if text.isdigit()] == ["0"]
    assert len(cells(drawn, "none")) == 34 + 1
    assert len([box for box in drawn.rects(LIGHT.soft) if box.bottom - box.top < 5]) == 1


def test_nothing_known_at_all() -> None:
    """No mean of nothing."""
    drawn = sound(month({}, SUNDAY, Theme.DARK, name="Ada"))
    assert drawn.texts[1] == "–"
    assert "Recovery of 0 days, 35 without." in drawn.told


@given(
    today=st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    scores=st.lists(
        st.one_of(st.none(), st.floats(0.0, 100.0), st.just(float("nan"))), max_size=40
    ),
    strains=st.lists(st.one_of(st.none(), st.floats(allow_nan=True)), max_size=40),
)
def test_any_month_can_be_drawn(
    today: date, scores: list[float | None], strains: list[float | None]
) -> None:
    """The colour of a place is always that of its number."""
    days = {
        today - timedelta(days=at): MonthDay(score, strain)
        for at, (score, strain) in enumerate(zip(scores, strains, strict=False))
    }
    drawn = sound(month(days, today, Theme.LIGHT, name="Maximilian Alexander"))
    shown = [
        day.recovery
        for on, day in days.items()
        if on >= first_day(today) and day.recovery is not None and day.recovery == day.recovery
    ]
    for band in Band:
        assert len(cells(drawn, LIGHT.bands[band].fill)) == sum(
            band_of(score) is band for score in shown
        )
    numbers = [text for text in drawn.texts if text.isdigit()]
    assert sorted(numbers) == sorted(str(whole(score)) for score in shown)
