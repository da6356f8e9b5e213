"""What is kept of stored days, whole, old and spoiled ones."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
import json
import math
from pathlib import Path
import sqlite3
from typing import Any

import pytest

from custom_components.openstrap.answers.briefs import BRIEFS, Brief, brief_of, values_of
from custom_components.openstrap.engine.imported import IMPORTED_ALGORITHM
from custom_components.openstrap.engine.trends import COMPARABLE_ALGORITHM
from custom_components.openstrap.store import WearerStore
from custom_components.openstrap.store.days import pack

from ..stored_days import CONFIDENCE, made_day, made_days, row_of, store_days
from .asked import TODAY, YESTERDAY


def brief(result: Any, **beside: Any) -> Brief:
    """Give what is kept of a result."""
    found = brief_of(replace(row_of(made_day(TODAY)), result=result, **beside))
    assert found is not None
    return found


def test_a_result_that_makes_no_sense(store: WearerStore, tmp_path: Path) -> None:
    """Is left out, and the days around it are there."""
    first = TODAY - timedelta(days=2)
    store_days(store, made_days(TODAY, 3))
    with closing(sqlite3.connect(tmp_path / "wearer.db")) as conn:
        changed = conn.execute(
            "UPDATE days SET result = ? WHERE day = ?",
            (pack(json.dumps(["rmssd_ms", 50])), YESTERDAY.isoformat()),
        )
        assert changed.rowcount == 1
        conn.commit()
    briefs = BRIEFS.read(store, first, TODAY)
    assert list(briefs) == [first, TODAY]
    assert set(values_of(briefs, "rmssd_ms")) == {first, TODAY}


@pytest.mark.parametrize("row", [[61.0, CONFIDENCE], {"value": 61.0, "confidence": CONFIDENCE}])
def test_metrics_by_place_and_by_name(row: Any) -> None:
    """Those of older results too; what the catalogue no longer has is left out."""
    found = brief({"metrics": {"mojo": [5.0, 1.0], "rmssd_ms": row}})
    assert found.value("rmssd_ms") == 61.0
    assert found.value("rmssd_ms", CONFIDENCE) == 61.0
    assert found.value("rmssd_ms", CONFIDENCE + 0.01) is None
    assert [value for value in found.values if not math.isnan(value)] == [61.0]


@pytest.mark.parametrize("row", [[], [None, 0.9], [True, 0.9], ["61", 0.9], 61.0, None, {}])
def test_metrics_that_are_not_known(row: Any) -> None:
    """No number, nowhere."""
    found = brief({"metrics": {"rmssd_ms": row}})
    assert found.value("rmssd_ms") is None
    assert values_of({TODAY: found}, "rmssd_ms") == {}


def test_a_value_of_no_confidence() -> None:
    """Is known, and as unsure as can be."""
    found = brief({"metrics": {"rmssd_ms": [61.0]}})
    assert found.value("rmssd_ms") == 61.0
    assert found.value("rmssd_ms", 0.1) is None
    assert values_of({TODAY: found}, "rmssd_ms", 0.1) == {}


def test_what_the_coach_advised() -> None:
    """The least strain where it is a number; nothing of a result without trends."""
    told = {"coach": {"strain_target": {"low": 8.5, "high": 12.0}}, "workouts": [{"kind": "run"}]}
    found = brief({"details": {"trends": told}})
    assert (found.strain_low, found.workouts) == (8.5, ({"kind": "run"},))
    for details in (None, {"trends": 3}, {"trends": {"coach": {"strain_target": {"low": "8"}}}}):
        found = brief({"details": details})
        assert (found.strain_low, found.workouts, found.records) == (None, (), ())


@pytest.mark.parametrize(
    ("algorithm", "imported", "comparable"),
    [
        (IMPORTED_ALGORITHM, True, True),
        (COMPARABLE_ALGORITHM - 1, False, False),
        (COMPARABLE_ALGORITHM, False, True),
    ],
)
def test_which_days_compare(algorithm: int, *, imported: bool, comparable: bool) -> None:
    """Those of today's estimates, and those of other systems."""
    found = brief({}, algorithm=algorithm)
    assert (found.imported, found.comparable) == (imported, comparable)
