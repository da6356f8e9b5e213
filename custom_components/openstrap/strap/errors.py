"""What can go wrong between Home Assistant's side and a strap, in one place."""

from enum import StrEnum


class FaultKind(StrEnum):
    """Why a session ended or a command was not carried out. Stable words: translations use them."""

    NOT_A_STRAP = "not_a_strap"
    """Connected, but neither vendor service is there."""
    OTHER_STRAP = "other_strap"
    """The serial is not the one that was expected: nothing was drained."""
    PAIRING_UNSUPPORTED = "pairing_unsupported"
    """The proxy or adapter in between cannot pair."""
    BOND_REFUSED = "bond_refused"
    """The strap does not pair: it is bonded elsewhere and not in pairing mode."""
    KEYS_LOST = "keys_lost"
    """It pairs, and then drops the link, twice: remove the bond and pair anew."""
    SUBSCRIBE_FAILED = "subscribe_failed"
    LINK_LOST = "link_lost"
    LINK_SILENT = "link_silent"
    """Connected, but nothing comes any more, not even answers."""
    WRITE_FAILED = "write_failed"
    CLOCK_AHEAD = "clock_ahead"
    """More than a day between the clocks in the direction that blames the host: hands off."""
    CLOCK_LOST = "clock_lost"
    """Only log lines come: the clock was lost. It has been set; connect again."""
    COMMIT_FAILED = "commit_failed"
    """What came could not be put on disk, so nothing was acknowledged."""
    STALLED = "stalled"
    """The transfer stopped, and asking again did not help."""
    DAMAGED = "damaged"
    """A burst does not come whole, however often it is asked for."""
    IMPLAUSIBLE = "implausible"
    """Every record of a burst has an impossible time; it was kept and not acknowledged."""
    STUCK = "stuck"
    """The strap says that it has newer data and does not send them. Connect again."""
    NOT_READY = "not_ready"
    """A command outside the time in which commands are possible."""
    NO_REPLY = "no_reply"
    REFUSED = "refused"
    """The strap answered that it did not do it."""
    NOT_SUPPORTED = "not_supported"
    """Straps of this generation or firmware do not know the command."""


class StrapError(Exception):
    """The session ended, for the reason in ``kind``."""

    def __init__(self, kind: FaultKind, detail: str = "") -> None:
        """Take the reason and words for the log, which must not name a person or a device."""
        super().__init__(f"{kind}: {detail}" if detail else str(kind))
        self.kind = kind


class CommandFailed(StrapError):
    """A single command was not carried out; the session goes on."""


class CommitFailed(StrapError):
    """What the commit function raises when frames are not on disk."""

    def __init__(self, detail: str = "") -> None:
        """Take words for the log."""
        super().__init__(FaultKind.COMMIT_FAILED, detail)
