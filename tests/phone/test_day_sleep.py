"""The night's page of a day that was derived from records."""

from contextlib import closing
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from custom_components.openstrap.engine.day import DayInputs, derive_day
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.phone.day_page import DayPage
from custom_components.openstrap.phone.day_sleep import sleep_page
from custom_components.openstrap.store import WearerStore

from ..engine.series import BERLIN, demo_samples
from ..stored_days import store_days

pytestmark = pytest.mark.full

DAY = date(2026, 6, 10)


def test_phases_and_stages_are_of_one_result(tmp_path: Path) -> None:
    """Phases add up to what the catalogue says was scored, stages to the time asleep."""
    profile = Profile(birth_year=1990, sex="m", height_cm=180.0, weight_kg=80.0)
    result = derive_day(DayInputs(DAY, BERLIN, demo_samples(5, DAY), profile))
    with closing(WearerStore.open(tmp_path / "wearer.db")) as store:
        store_days(store, [result])
        now = datetime.combine(DAY + timedelta(days=1), datetime.min.time(), BERLIN)
        page = sleep_page(DayPage.of(store, DAY, now))
    phases = dict.fromkeys(page["hypnogram_min"], 0.0)
    for one, after in pairwise(page["hypnogram"]):
        assert one["t"] < after["t"]
        phases[f"{one['stage']}_min"] += (after["t"] - one["t"]) / 60.0
    assert phases == page["hypnogram_min"]
    for key in ("light_min", "deep_min", "rem_min"):
        assert page["hypnogram_min"][key] == dict(result.metrics[key].drivers)["scored"]
        assert page["stages"][key] == result.metrics[key].value
    assert sum(page["hypnogram_min"].values()) == page["in_bed_min"]
    assert sum(page["stages"].values()) == pytest.approx(page["duration_min"], abs=1e-4)
    whole = page["duration_min"] + page["awake_min"] + page["unobserved_min"]
    assert whole == pytest.approx(page["in_bed_min"], abs=0.1)
