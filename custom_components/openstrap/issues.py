"""Repair issues of a wearer: what the user has to know and can do something about."""

from collections import Counter

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import (
    DOMAIN,
    ISSUE_DAMAGED,
    ISSUE_PHONE_REUSED,
    ISSUE_REJECTED,
    ISSUE_TOO_NEW,
    REJECTED_IN_A_ROW,
)
from .ingest import IngestReport


def issue_id(kind: str, entry: ConfigEntry) -> str:
    """Return the id of an issue of one wearer."""
    return f"{kind}_{entry.entry_id}"


@callback
def async_file_too_new(hass: HomeAssistant, entry: ConfigEntry, too_new: bool) -> None:
    """Tell, or no longer tell, that the file was written by a newer version."""
    if not too_new:
        ir.async_delete_issue(hass, DOMAIN, issue_id(ISSUE_TOO_NEW, entry))
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id(ISSUE_TOO_NEW, entry),
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=ISSUE_TOO_NEW,
        translation_placeholders={"name": entry.title},
    )


@callback
def async_file_damaged(hass: HomeAssistant, entry: ConfigEntry, set_aside: str) -> None:
    """Tell that a damaged file was set aside, until the user has read it.

    It is found once, at opening, so the issue outlives restarts.
    """
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id(ISSUE_DAMAGED, entry),
        is_fixable=True,
        is_persistent=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key=ISSUE_DAMAGED,
        translation_placeholders={"name": entry.title, "file": set_aside},
    )


@callback
def async_phone_reused(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Tell that a phone's spent token came again, until the user has read it."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id(ISSUE_PHONE_REUSED, entry),
        is_fixable=True,
        is_persistent=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=ISSUE_PHONE_REUSED,
        translation_placeholders={"name": entry.title},
    )


@callback
def async_forget(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take back every issue of a wearer that is removed, whoever told it."""
    ours = [
        issue_id
        for domain, issue_id in ir.async_get(hass).issues
        if domain == DOMAIN and issue_id.endswith(f"_{entry.entry_id}")
    ]
    for issue_id in ours:
        ir.async_delete_issue(hass, DOMAIN, issue_id)


class RejectWatch:
    """Tells when nothing but rubbish has come for a while."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Start with a clean slate."""
        self._hass = hass
        self._entry = entry
        self._row: Counter[str] = Counter()

    @callback
    def async_see(self, report: IngestReport) -> None:
        """Count a report; one readable frame ends the row."""
        if report.received > sum(report.rejected.values()):
            if self._row:
                self._row.clear()
                ir.async_delete_issue(self._hass, DOMAIN, issue_id(ISSUE_REJECTED, self._entry))
            return
        self._row.update(report.rejected)
        if (count := self._row.total()) >= REJECTED_IN_A_ROW:
            [(reason, _)] = self._row.most_common(1)
            ir.async_create_issue(
                self._hass,
                DOMAIN,
                issue_id(ISSUE_REJECTED, self._entry),
                is_fixable=False,
                severity=ir.IssueSeverity.WARNING,
                translation_key=ISSUE_REJECTED,
                translation_placeholders={
                    "name": self._entry.title,
                    "count": str(count),
                    "reason": reason,
                },
            )
