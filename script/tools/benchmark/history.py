"""Days before a day, for what looks back on them."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from openstrap.engine.facts import DayFacts

from .frames import DAY

VARIETY: Final = 7  # days after which values come again


def facts_before(facts: DayFacts, back: int) -> DayFacts:
    """Make the facts of a day so many days before: the same, but for values that vary a little."""
    shift = float(back * DAY)
    share = 1.0 + 0.01 * (back % VARIETY - VARIETY // 2)
    return replace(
        facts,
        day=facts.day - timedelta(days=back),
        clock=tuple((since - shift, ahead) for since, ahead in facts.clock),
        end_ts=facts.end_ts - shift,
        onset_ts=None if facts.onset_ts is None else facts.onset_ts - shift,
        offset_ts=None if facts.offset_ts is None else facts.offset_ts - shift,
        asleep=tuple((a - shift, b - shift) for a, b in facts.asleep),
        seen=tuple((a - shift, b - shift) for a, b in facts.seen),
        values={key: share * value for key, value in facts.values.items()},
    )
