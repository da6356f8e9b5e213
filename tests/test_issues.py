"""What the user is told when nothing but rubbish comes."""

from datetime import UTC, datetime

from homeassistant.helpers import issue_registry as ir

from custom_components.openstrap.const import DOMAIN, REJECTED_IN_A_ROW
from custom_components.openstrap.coordinator import OpenStrapCoordinator

from .frames import record


def issue(registry: ir.IssueRegistry, coordinator: OpenStrapCoordinator) -> ir.IssueEntry | None:
    """Find the issue about rejected frames."""
    issue_id = f"many_rejected_{coordinator.config_entry.entry_id}"
    return registry.async_get_issue(DOMAIN, issue_id)


async def test_many_rejected_frames_in_a_row(
    coordinator: OpenStrapCoordinator, issue_registry: ir.IssueRegistry
) -> None:
    """Told with the most common reason, counted over posts, taken back by a good frame."""
    await coordinator.async_ingest_hex(["xx"] * (REJECTED_IN_A_ROW - 2))
    assert issue(issue_registry, coordinator) is None
    await coordinator.async_ingest_hex(["x"] * 2)
    told = issue(issue_registry, coordinator)
    assert told is not None
    assert told.translation_placeholders == {
        "name": "Ada",
        "count": str(REJECTED_IN_A_ROW),
        "reason": "not_hex",
    }
    now = int(datetime.now(UTC).timestamp())
    await coordinator.async_ingest_hex(["xx", record(now - 60).hex()])
    assert issue(issue_registry, coordinator) is None


async def test_good_frames_among_bad_ones_are_no_issue(
    coordinator: OpenStrapCoordinator, issue_registry: ir.IssueRegistry
) -> None:
    """Only a row without any good one counts; known frames and empty posts are no fault."""
    now = int(datetime.now(UTC).timestamp())
    for step in range(4):
        await coordinator.async_ingest_hex(["xx"] * (REJECTED_IN_A_ROW - 1))
        await coordinator.async_ingest_hex([record(now - 60 - step // 2).hex()])
    await coordinator.async_ingest_hex([])
    assert issue(issue_registry, coordinator) is None
