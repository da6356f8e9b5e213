"""How much one entry of the journal may hold, whoever writes it."""

import pytest

from custom_components.openstrap.engine.insight.journal import MAX_NOTE, MAX_TAG, MAX_TAGS, cleaned

from .both_sides import TODAY, BothSides

pytestmark = pytest.mark.full


async def test_no_entry_is_longer_than_a_page(sides: BothSides) -> None:
    """A phone that sends megabytes cannot fill the disk with them, day by day."""
    tags = [f"{at:02} {'x' * 50_000}" for at in range(100)]
    await sides.post("journal", {"date": TODAY.isoformat(), "tags": tags, "note": "y" * 100_000})
    [entry] = await sides.get("journal")
    assert len(entry["tags"]) == MAX_TAGS
    assert {len(tag) for tag in entry["tags"]} == {MAX_TAG}
    assert len(entry["note"]) == MAX_NOTE


def test_a_tag_that_is_cut_is_trimmed_again() -> None:
    """And two that begin alike are one."""
    head = "a" * (MAX_TAG - 1)
    assert cleaned([f"{head} b", f"{head} c", f" {head.upper()} "]) == (head,)
