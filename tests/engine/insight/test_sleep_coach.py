"""The coming night, taken apart."""

from datetime import datetime

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.insight.sleep_coach import (
    need_parts,
    sleep_windows,
    wake_target,
)
from custom_components.openstrap.engine.sleep.need import bedtime, need_tonight

from ..series import BERLIN, at
from ..sleep.days import DAY


def test_known_night() -> None:
    """Eight hours, half an hour of debt of which a nap paid 20 min back, strain of 14."""
    need = need_tonight(480.0, 30.0 - 20.0, 14.0)
    assert need == 520.0
    wake = at(DAY, 7)
    bed = bedtime(wake, need, 0.90)
    assert (wake - bed) / 60.0 == pytest.approx(577.78, abs=0.01)
    assert datetime.fromtimestamp(bed, BERLIN).strftime("%H:%M") == "21:22"
    assert wake_target(bed, need, 0.90) == pytest.approx(wake)
    assert 100.0 * 390.0 / need == pytest.approx(75.0)


def test_parts_are_what_they_add() -> None:
    """Within the limits the parts add up; at the limit they add what room there was."""
    parts = need_parts(480.0, 40.0, 10.5)
    assert (parts.need_min, parts.debt_min, parts.strain_min) == (542.5, 40.0, 22.5)
    tight = need_parts(640.0, 60.0, 21.0)
    assert (tight.need_min, tight.debt_min, tight.strain_min) == (660.0, 0.0, 0.0)
    own = need_parts(300.0, 40.0, 0.0, told=True)
    assert (own.need_min, own.debt_min, own.strain_min) == (340.0, 40.0, 0.0)
    unknown = need_parts(480.0, None, None).to_dict()
    assert unknown == {"need_min": 480.0, "base_min": 480.0, "debt_min": None, "strain_min": None}


def test_windows_of_the_goals() -> None:
    """Less of the need, later to bed, up at the same time."""
    wake = at(DAY, 7)
    found = sleep_windows(wake, 480.0, 0.8)
    assert [(one.goal, one.sleep_min) for one in found] == [
        ("all", 480.0),
        ("most", 408.0),
        ("enough", pytest.approx(336.0)),
    ]
    assert [(wake - one.bed_ts) / 60.0 for one in found] == pytest.approx([600.0, 510.0, 420.0])
    assert {one.wake_ts for one in found} == {wake}
    assert found[0].to_dict() == {
        "goal": "all",
        "bed_ts": wake - 36000.0,
        "wake_ts": wake,
        "sleep_min": 480.0,
    }


@given(
    base=st.floats(300, 700),
    debt=st.none() | st.floats(0, 600),
    strain=st.none() | st.floats(0, 21),
)
def test_no_part_takes_away(base: float, debt: float | None, strain: float | None) -> None:
    """No part takes away, and an unknown one stays unknown."""
    parts = need_parts(base, debt, strain)
    assert parts.need_min == need_tonight(base, debt, strain)
    assert (parts.debt_min is None) == (debt is None)
    assert (parts.strain_min is None) == (strain is None)
    assert (parts.debt_min or 0.0) >= 0.0
    assert (parts.strain_min or 0.0) >= 0.0
