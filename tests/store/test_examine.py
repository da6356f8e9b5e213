"""What frames say of their time, and whether they count."""

import numpy as np
import pytest

from custom_components.openstrap.engine.protocol import Inner, Reason
from custom_components.openstrap.engine.protocol.encode import encode_r24
from custom_components.openstrap.engine.rollup import Source
from custom_components.openstrap.store.examine import (
    EARLIEST_TS,
    UNDATED,
    Kept,
    counts_in,
    examine,
    reason_text,
    telling_minutes,
)
from custom_components.openstrap.store.frames import Rows, group_frames

from .material import CATALOGUE, GEN4, GEN5, NOW, START, event, live, r10, r24, v18


def rows_of(frame: bytes, generation=GEN4) -> Rows:  # type: ignore[no-untyped-def]
    """Give one frame as rows."""
    return group_frames([Inner(frame, generation, True)])[0]


@pytest.mark.parametrize(
    ("frame", "source"),
    [
        (r24(3), Source.SUMMARY),
        (r10(3), Source.HIGH_RATE),
        (live(3), Source.LIVE),
        (r10(3, live=True), Source.LIVE_HIGH_RATE),
        (event(3), None),
    ],
)
def test_times_and_sources(frame: bytes, source: Source | None) -> None:
    """Every kind with a time lies in its hour; beats belong to their stream."""
    seen = examine(rows_of(frame), NOW)
    assert seen.epoch.tolist() == [START + 3]
    assert seen.hour.tolist() == [(START + 3) // 3600]
    assert seen.reason.tolist() == [Reason.OK]
    assert seen.source == source


@pytest.mark.parametrize(
    ("ahead", "reason"), [(300.0, Reason.OK), (300.001, Kept.TIME_FUTURE), (9e8, Kept.TIME_FUTURE)]
)
def test_a_strap_may_be_five_minutes_ahead(ahead: float, reason: int) -> None:
    """And not a fraction of a second more."""
    ticks = round((NOW + ahead) * 32768 + 0.49)
    frame = encode_r24(1, ticks // 32768, ticks % 32768, 60)
    assert examine(rows_of(frame), NOW).reason.tolist() == [reason]


@pytest.mark.parametrize(
    ("epoch", "reason"), [(EARLIEST_TS, Reason.OK), (EARLIEST_TS - 1, Kept.TIME_PAST)]
)
def test_nothing_was_recorded_before_2015(epoch: int, reason: int) -> None:
    """A strap whose clock was never set says it was."""
    assert examine(rows_of(encode_r24(1, epoch, 0, 60)), NOW).reason.tolist() == [reason]


def test_the_time_of_a_frame_is_that_of_its_whole_form() -> None:
    """Else a stripped frame would be looked for in another hour than its whole form."""
    for forms in CATALOGUE:
        hours = {tuple(examine(rows_of(form.data), NOW).hour.tolist()) for form in forms}
        assert len(hours) == 1, forms[0].data[:12].hex()


def test_undated_and_undecodable_frames_have_their_reason() -> None:
    """They are kept, so what is wrong with them is worth knowing."""
    found = examine(rows_of(b"\xee\x01"), NOW)
    assert (found.epoch.tolist(), found.hour.tolist()) == ([UNDATED], [UNDATED])
    assert reason_text(int(found.reason[0])) == "unknown_type"
    assert reason_text(Kept.TIME_PAST) == "time_past"
    assert reason_text(99) == "reason_99", "a later version may know more of them"


def test_what_makes_days_dirty_does_so_whether_it_decodes_or_not() -> None:
    """History and wrist events do; live packets, others, and what has no possible time do not."""
    minute = START // 60 * 60
    r11 = b"\x2f\x0b" + r24(3)[2:20]
    for frame, generation in (
        (r11, GEN4),
        (r24(3), GEN4),
        (r24(3), GEN5),
        (v18(3), GEN4),
        (r10(3), GEN4),
        (event(3, 9), GEN4),
        (event(3, 10), GEN5),
        (event(3, 10)[:8], GEN4),
    ):
        rows = rows_of(frame, generation)
        assert telling_minutes(rows, examine(rows, NOW)).tolist() == [minute]
    ahead, ancient = r24(NOW - START + 301), encode_r24(1, EARLIEST_TS - 1, 0, 60)
    for frame in (live(3), event(3, 14), r10(3, live=True), ahead, ancient, b"\x30\x00"):
        rows = rows_of(frame)
        assert not telling_minutes(rows, examine(rows, NOW)).size


def test_hours_that_can_count() -> None:
    """From 2015 until now."""
    hour = int(NOW // 3600)
    assert counts_in(hour, NOW)
    assert not counts_in(hour + 2, NOW)
    assert not counts_in(UNDATED, NOW)
    assert not counts_in(EARLIEST_TS // 3600 - 1, NOW)
    assert np.all([counts_in(EARLIEST_TS // 3600, NOW)])
