"""The shape of what a phone sends."""

from http import HTTPStatus
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.protocol import Generation
from custom_components.openstrap.phone.body import MAX_STRINGS, Upload, check_shape
from custom_components.openstrap.phone.refusal import Refusal

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def test_a_list_of_anything_passes() -> None:
    """What is in the list is judged one by one, later."""
    texts: list[Any] = ["2f18", None, 7, ["2f"], {}]
    assert check_shape({"device_id": "4A0123456", "records": texts, "more": 1}, "records") == (
        Upload(device_id="4A0123456", texts=texts, generation=None)
    )


def test_the_generation_may_be_told() -> None:
    """An explicit field beats guessing."""
    payload = {"device_id": "a", "events": [], "generation": "gen5"}
    assert check_shape(payload, "events").generation is Generation.GEN5


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (None, "object"),
        ([], "object"),
        ("text", "object"),
        ({}, "device_id"),
        ({"device_id": "", "records": []}, "device_id"),
        ({"device_id": 7, "records": []}, "device_id"),
        ({"device_id": ["a"], "records": []}, "device_id"),
        ({"device_id": "../x", "records": []}, "device_id"),
        ({"device_id": "a\n", "records": []}, "device_id"),
        ({"device_id": "ä", "records": []}, "device_id"),
        ({"device_id": "a" * 65, "records": []}, "device_id"),
        ({"device_id": "a"}, "records"),
        ({"device_id": "a", "records": "2f"}, "records"),
        ({"device_id": "a", "records": {"0": "2f"}}, "records"),
        ({"device_id": "a", "events": []}, "records"),
        ({"device_id": "a", "records": [], "generation": "gen6"}, "generation"),
        ({"device_id": "a", "records": [], "generation": 4}, "generation"),
        ({"device_id": "a", "records": [], "generation": ["gen4"]}, "generation"),
    ],
)
def test_wrong_shapes_are_named(payload: Any, reason: str) -> None:
    """The reason says which field is wrong."""
    with pytest.raises(Refusal) as refusal:
        check_shape(payload, "records")
    assert refusal.value.status == HTTPStatus.BAD_REQUEST
    assert refusal.value.error == "Invalid payload"
    assert refusal.value.reason is not None
    assert reason in refusal.value.reason


def test_five_thousand_are_taken_and_one_more_is_not() -> None:
    """The limit is on the number of strings."""
    payload = {"device_id": "a", "records": ["00"] * MAX_STRINGS}
    assert len(check_shape(payload, "records").texts) == 5000
    payload["records"].append("00")  # type: ignore[attr-defined]
    with pytest.raises(Refusal) as refusal:
        check_shape(payload, "records")
    assert refusal.value.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@given(JSON)
def test_nothing_but_a_refusal_is_raised(payload: Any) -> None:
    """Whatever JSON says."""
    try:
        upload = check_shape(payload, "records")
    except Refusal:
        return
    assert isinstance(upload.texts, list)
