"""Repair issues about a band: each with what to do next, and gone when it is no longer so."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import (
    DOMAIN,
    ISSUE_BOND,
    ISSUE_CLOCK_AHEAD,
    ISSUE_CLOCK_LOST,
    ISSUE_FIRMWARE,
    ISSUE_KEYS,
    ISSUE_NO_DATA,
    ISSUE_NO_PATH,
    ISSUE_NO_SLOT,
    ISSUE_OTHER,
    ISSUE_PAIRING,
    ISSUE_RADIO,
    ISSUE_UNKNOWN,
)
from .ingest import IngestReport
from .issues import issue_id
from .strap import FaultKind, StrapState
from .strap_dialer import NO_SLOT

NO_DATA_AFTER_S: Final = 3 * 86400.0

_TOLD: Final[Mapping[str, tuple[str, int]]] = {
    FaultKind.BOND_REFUSED: (ISSUE_BOND, 1),
    FaultKind.KEYS_LOST: (ISSUE_KEYS, 1),
    FaultKind.PAIRING_UNSUPPORTED: (ISSUE_PAIRING, 1),
    FaultKind.OTHER_STRAP: (ISSUE_OTHER, 1),
    FaultKind.CLOCK_AHEAD: (ISSUE_CLOCK_AHEAD, 1),
    FaultKind.CLOCK_LOST: (ISSUE_CLOCK_LOST, 2),
    FaultKind.IMPLAUSIBLE: (ISSUE_CLOCK_LOST, 2),
    # Slots come and go with other devices.
    NO_SLOT: (ISSUE_NO_SLOT, 3),
}
"""Issue of a fault, and how many times in a row it has to happen."""

_OF_OPENING: Final = (
    ISSUE_BOND, ISSUE_KEYS, ISSUE_PAIRING, ISSUE_OTHER, ISSUE_CLOCK_AHEAD, ISSUE_NO_SLOT,
    ISSUE_NO_PATH,
)  # fmt: skip
"""What cannot be wrong while a drain goes on."""

_UNREADABLE: Final = (
    "unknown_type",
    "too_short",
    "wrong_length",
    "unknown_version",
    "non_finite",
    "implausible",
    "bad_count",
)
UNREADABLE_COUNTS: Final = 10
"""One unreadable frame outweighs so many readable ones."""
UNREADABLE_FROM: Final = 3000
"""Balance at which it is told: about 300 s of nothing but unreadable records."""
UNREACHED_TICKS: Final = 5
"""Minutes for which a band is heard only by what cannot connect."""


class StrapIssues:
    """Tells what is wrong with the link to one wearer's band."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Start with a clean slate: what is still wrong shows itself again."""
        self._hass = hass
        self._entry = entry
        self._last: str | None = None
        self._row = 0
        self._balance = 0
        self._unreached = 0

    @callback
    def _tell(self, kind: str, *, fixable: bool = False, **placeholders: str) -> None:
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue_id(kind, self._entry),
            is_fixable=fixable,
            # What is found only once must outlive a restart.
            is_persistent=fixable,
            severity=ir.IssueSeverity.WARNING,
            translation_key=kind,
            translation_placeholders={"name": self._entry.title, **placeholders},
        )

    @callback
    def _take_back(self, *kinds: str) -> None:
        for kind in kinds:
            ir.async_delete_issue(self._hass, DOMAIN, issue_id(kind, self._entry))

    @callback
    def async_fault(self, fault: str | None, scanner: str) -> None:
        """See how a try ended; `scanner` is what it went through."""
        if fault is None:
            self._last, self._row = None, 0
            return
        told = _TOLD.get(fault)
        kind = told[0] if told else None
        self._row = self._row + 1 if kind == self._last else 1
        self._last = kind
        if told is not None and self._row >= told[1]:
            self._tell(told[0], scanner=scanner)

    @callback
    def async_opened(self) -> None:
        """See that the band is bonded and known, and has begun to send."""
        self._take_back(*_OF_OPENING)

    @callback
    def async_synced(self, state: StrapState) -> None:
        """See that all history is here."""
        if state.clock_latches is False:
            self._tell(ISSUE_CLOCK_LOST)
        else:
            self._take_back(ISSUE_CLOCK_LOST)
        if not state.marginal_radio:
            self._take_back(ISSUE_RADIO)

    @callback
    def async_marginal(self, scanner: str) -> None:
        """See that much of what comes over the air is damaged."""
        self._tell(ISSUE_RADIO, scanner=scanner)

    @callback
    def async_firmware(self, before: str, now: str) -> None:
        """See that the band runs another firmware than before, until the user has read it."""
        self._tell(ISSUE_FIRMWARE, fixable=True, before=before, now=now)

    @callback
    def async_frames(self, report: IngestReport) -> None:
        """See what could be read of what came."""
        unreadable = sum(report.rejected.get(reason, 0) for reason in _UNREADABLE)
        was = self._balance
        self._balance = min(
            max(was + UNREADABLE_COUNTS * unreadable - report.decoded, 0), 2 * UNREADABLE_FROM
        )
        if self._balance >= UNREADABLE_FROM:
            if was < UNREADABLE_FROM:
                self._tell(ISSUE_UNKNOWN)
        elif was and not self._balance:
            self._take_back(ISSUE_UNKNOWN)

    @callback
    def async_minute(self, *, data_age_s: float, heard_in_vain: bool) -> None:
        """Look at what only time tells.

        `data_age_s` is the age of the newest record, `heard_in_vain` whether the band is
        heard now, and only by what cannot connect.
        """
        if data_age_s >= NO_DATA_AFTER_S:
            self._tell(ISSUE_NO_DATA, days=str(int(data_age_s // 86400)))
        else:
            self._take_back(ISSUE_NO_DATA)
        self._unreached = self._unreached + 1 if heard_in_vain else 0
        if self._unreached >= UNREACHED_TICKS:
            self._tell(ISSUE_NO_PATH)
        elif not heard_in_vain:
            self._take_back(ISSUE_NO_PATH)
