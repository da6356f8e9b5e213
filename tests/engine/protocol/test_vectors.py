"""The shared wire-protocol vectors, through the adapter that ``script/evaluate`` uses."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from script.tools.evaluate.protocol_cases import evaluate, passes, same


@pytest.fixture(scope="session")
def cases(shared_data: Path) -> list[dict[str, Any]]:
    """Every line of the file."""
    lines = (shared_data / "protocol_cases.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_all_pass(shared_data: Path) -> None:
    """Every kind, real captures and guards."""
    path = shared_data / "protocol_cases.jsonl"
    found = evaluate(path)
    assert found["failed"] == []
    assert found["path"] == str(path)
    assert found["passed"] == found["cases"] > 700


def wrong(value: Any) -> Any:
    """Change the first thing in an expectation that can be changed."""
    if isinstance(value, dict):
        changed = copy.deepcopy(value)
        for key in sorted(changed):
            if key in ("activity", "steps_inc"):
                continue
            changed[key] = wrong(changed[key])
            return changed
    if isinstance(value, list) and value:
        return [wrong(value[0]), *value[1:]]
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    return "something else" if value is None else f"{value}00"


def test_a_wrong_answer_fails(cases: list[dict[str, Any]]) -> None:
    """No case passes by not being looked at."""
    passed = [case["id"] for case in cases if passes(case | {"expect": wrong(case["expect"])})]
    assert passed == []


def test_comparison() -> None:
    """Missing keys, other types and lists of other lengths are differences."""
    assert same({"a": 1.0}, {"a": 1.00005, "b": 2})
    assert same({"gyro_dps_mean": [1.0]}, {"gyro_dps_mean": [1.0009]})
    assert same({"activity": 0.3}, {})
    assert not same({"a": 1.0}, {"a": 1.001})
    assert not same({"a": None}, {})
    assert not same({"a": None}, {"a": 0})
    assert not same({"a": 1}, {"a": True})
    assert not same({"a": 1.0}, {"a": None})
    assert not same([1], [1, 2])
    assert not same([1], None)
    assert not same({"a": 1}, None)
    assert same(None, None)


def test_unknown_kind_of_case_fails() -> None:
    """Rather than being skipped."""
    assert not passes({"kind": "telepathy", "expect": None})
