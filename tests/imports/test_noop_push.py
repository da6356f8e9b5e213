"""What a batch of NOOP's push must be."""

from datetime import timedelta

import pytest

from custom_components.openstrap.imports.noop_push import PushRefused, parse

from .noop_batches import CURSOR, DAY, ONSET, SOURCE, batch, days, window

pytestmark = pytest.mark.full

GOOD = batch("hrSample", [({"ts": ONSET}, {"bpm": 58})])
DAILY = days((DAY, {"recovery": 70, "sleepPerformance": 80}))


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed_batch"),
        (GOOD[:-2], 400, "malformed_batch"),
        (b"\xef\xbb\xbf" + GOOD, 400, "malformed_batch"),
        (GOOD + b"\n", 400, "malformed_batch"),
        (b"[]\n", 400, "malformed_batch"),
        (GOOD.replace(b"58", b"NaN"), 400, "malformed_batch"),
        (b"[" * 100_000 + b"\n", 400, "malformed_batch"),
        (GOOD.replace(b'"batch"', b'"else"'), 400, "malformed_batch"),
        (GOOD.replace(b'"recordCount": 1', b'"recordCount": 2'), 400, "record_count"),
        (GOOD.replace(b'"recordCount": 1', b'"recordCount": true'), 400, "record_count"),
        (GOOD.replace(b'"1.1"', b'"2.0"'), 422, "unsupported_version"),
        (GOOD.replace(b"hrSample", b"event"), 422, "unsupported_stream"),
        (GOOD.replace(b'"hrSample"', b"[1]"), 422, "unsupported_stream"),
        (GOOD.replace(b'"append"', b'"replace_window"'), 422, "registry_mismatch"),
        (GOOD.replace(SOURCE.encode(), b"nobody"), 422, "invalid_header"),
        (GOOD.replace(b'"my-whoop"', b'""'), 422, "invalid_header"),
        (batch("hrSample", [({"ts": 5}, {"bpm": 1})], endCursor=None), 422, "invalid_header"),
        (batch("hrSample", []), 422, "invalid_header"),
        (batch("hrSample", [({"ts": 5}, {"bpm": 1})], endCursor={"rowId": 1}), 422, "invalid_cursor"),
        (batch("hrSample", [({"ts": 5}, {"bpm": 1})], startCursor=CURSOR), 422, "invalid_cursor"),
        (GOOD.replace(b'"bpm": 58', b'"bpm": 5.8'), 422, "invalid_record"),
        (GOOD.replace(b'"bpm": 58', b'"bpm": null'), 422, "invalid_record"),
        (GOOD.replace(b'"bpm": 58', b'"bpm": true'), 422, "invalid_record"),
        (GOOD.replace(b'"ts"', b'"at"'), 422, "invalid_record"),
        (GOOD.replace(b'"record",', b'"row",'), 422, "invalid_record"),
        (batch("hrSample", [({"ts": 5}, {"bpm": 1})] * 2), 422, "duplicate_key"),
        (batch("hrSample", [({"ts": at}, {"bpm": 60}) for at in range(5001)]), 413, "malformed_batch"),
        (days((DAY, {}), window=None), 422, "invalid_window"),
        (days((DAY, {}), window=window(1, 2)), 422, "invalid_window"),
        (days((DAY, {}), window=window(f"{DAY}", f"{DAY}")), 422, "invalid_window"),
        (days((DAY, {}), window=window(f"{DAY}", "x")), 422, "invalid_window"),
        (days((DAY, {}), window=window("2026-1-1", f"{DAY}")), 422, "invalid_window"),
        (days((DAY, {}), window=window(f"{DAY}", f"{DAY + timedelta(days=1)}", 2, 1)), 422, "invalid_window"),
        (days((DAY, {}), window=window(f"{DAY - timedelta(days=1)}", f"{DAY}")), 422, "outside_window"),
        (days((DAY, {}), endCursor=CURSOR), 422, "invalid_cursor"),
        (days((DAY, {"recovery": "much"})), 422, "invalid_record"),
    ],
    ids=range(36),
)  # fmt: skip
def test_batches_that_are_not_as_they_must_be(body: bytes, status: int, code: str) -> None:
    """Are refused whole, with a word of the protocol's form."""
    with pytest.raises(PushRefused) as caught:
        parse(body)
    assert (caught.value.status, caught.value.code) == (status, code)


def test_what_a_version_knows() -> None:
    """The older one has no such fields; members that nobody knows are passed over."""
    assert parse(DAILY).records[0][1] == {"recovery": 70, "sleepPerformance": 80}
    assert parse(DAILY.replace(b'"1.1"', b'"1.0"')).records[0][1] == {"recovery": 70}
    odd = days((DAY, {"recovery": 70, "mood": "blue"}), extra=1)
    assert parse(odd).records[0][1] == {"recovery": 70}


@pytest.mark.parametrize(
    "body",
    [
        GOOD[:-1],
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(SOURCE.encode(), b"A" * 8 + b"-AAAA" * 3 + b"-" + b"A" * 12),
        GOOD.replace(b'"stream"', b'"window": null, "stream"'),
    ],
    ids=["last line open", "other ends of lines", "capital letters", "no window"],
)
def test_another_spelling_is_the_same_batch(body: bytes) -> None:
    """How a line ends, and how an absent thing is told, is not laid down."""
    assert parse(body).records == parse(GOOD).records
