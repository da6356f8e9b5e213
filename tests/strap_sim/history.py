"""The transfer of the history: bursts, their tokens, and the only way to have something erased."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custom_components.openstrap.engine.protocol.encode import encode_console, encode_marker

from .clock import split
from .flash import Page
from .gatt import Channel
from .ledger import Misconduct
from .moments import Moment

if TYPE_CHECKING:
    from .link import Link

TOKEN_SIZE = 8


@dataclass(frozen=True, slots=True)
class Burst:
    """Pages between a START and an END."""

    first: int
    end: int
    """Numbers in the ledger: ``first`` to ``end`` (not included)."""
    token: bytes
    end_marker: bytes


class Transfer:
    """The transfer on one link."""

    def __init__(self, link: Link) -> None:
        """Begin idle."""
        self._link, self._strap = link, link.strap
        self._sending: Burst | None = None
        self._pending: Burst | None = None
        """The burst whose END went out on this link and that waits to be acknowledged."""
        self._acked: bytes | None = None
        self._until = 0
        self._next = 0
        self._console = 0
        self.active = False

    @property
    def read_page(self) -> int:
        """Page that would be read next."""
        for page in self._strap.flash.pages:
            if page.first >= self._next:
                return page.number
        return self._strap.flash.write_page

    def start(self) -> None:
        """Send all that is stored now and not erased, from the oldest on."""
        strap = self._strap
        strap.recorder.grow()
        self.abort()
        strap.flash.close_page()
        self.active = True
        self._next, self._until = 0, len(strap.ledger.made)
        self._burst()

    def abort(self) -> None:
        """Stop; what was not acknowledged stays."""
        self.active = False
        self._sending = self._pending = None
        self._link.forget_history()

    def result(self, payload: bytes) -> bool:
        """Take what the host says of the burst; False when it is refused."""
        strap, now = self._strap, self._strap.time.now()
        if payload[:1] != b"\1":
            strap.ledger.failed_results += 1
            if self._pending is None:
                return False
            self._next = self._pending.first
            self._burst()
            return True
        token, rest = payload[1 : 1 + TOKEN_SIZE], payload[1 + TOKEN_SIZE :]
        if len(token) == TOKEN_SIZE and not any(rest):
            if self._pending is not None and token == self._pending.token:
                self._acknowledged(self._pending)
                return True
            if token == self._acked:
                strap.ledger.repeated_acks += 1
                return True
        wanted = self._pending.token.hex() if self._pending else "none"
        strap.ledger.accuse(Misconduct.BAD_TOKEN, now, f"{token.hex()}, expected {wanted}")
        return False

    def stall(self) -> None:
        """Send no more of the history, until it is asked for again."""
        self._sending = None
        self._link.forget_history()

    def resend(self) -> None:
        """Send the burst that waits once more, as after an acknowledgement that got lost.

        Until its second END it can still be acknowledged by the first one.
        """
        if self._pending is not None:
            self._next = self._pending.first
            self._burst()

    def repeat_end(self) -> None:
        """Send the END that waits once more."""
        if self._pending is not None:
            self._link.send(Channel.DATA, self._pending.end_marker, history=True)

    def _acknowledged(self, burst: Burst) -> None:
        strap = self._strap
        pages = strap.flash.erase_before(burst.end)
        strap.ledger.erase(strap.time.now(), burst.token, pages)
        self._acked, self._pending, self._next = burst.token, None, burst.end
        self.stall()
        # The reply goes first; a burst that is queued here would overtake it.
        strap.soon(self._burst_if_active, 0.0)

    def _burst_if_active(self) -> None:
        if self.active and self._link.alive and self._pending is None and self._sending is None:
            self._burst()

    def _stamp(self) -> tuple[int, int]:
        return split(self._strap.clock.at(self._strap.time.now()))

    def _burst(self) -> None:
        """Send the next pages, or COMPLETE when there are none."""
        strap, link = self._strap, self._link
        link.forget_history()
        self._sending = None
        pages: list[Page] = []
        for page in strap.flash.pages:
            if page.first >= self._until or len(pages) == strap.config.burst_pages:
                break
            if page.first >= self._next:
                pages.append(page)
        if not pages:
            self.active = False
            link.send(Channel.DATA, encode_marker(3, *self._stamp(), sequence=strap.sequence()))
            return
        strap.moments.fire(Moment.BURST)
        if not link.alive:
            return
        members = [inner for page in pages for inner in page.inners]
        extras = strap.take_history_events() + self._chatter()
        token_page = (pages[-1].number + 1) % strap.flash.total_pages
        token = token_page.to_bytes(4, "little") + strap.flash.wrap_count.to_bytes(4, "little")
        end_marker = encode_marker(
            2,
            *self._stamp(),
            expected_count=len(members) + len(extras),
            token=token,
            sequence=strap.sequence(),
        )
        burst = Burst(pages[0].first, pages[-1].end, token, end_marker)
        self._sending = burst
        start = encode_marker(
            1, *self._stamp(), firmware=strap.firmware_words, sequence=strap.sequence()
        )
        link.send(Channel.DATA, start, history=True)
        for index, extra in enumerate(extras):
            # Spread over the burst, so that they stand between records.
            members.insert((index + 1) * len(members) // (len(extras) + 1), extra)
        record_sent = strap.moments.counter(Moment.RECORD)
        link.send_history(Channel.DATA, members, record_sent)
        link.send(Channel.DATA, end_marker, history=True, sent=lambda: self._end_sent(burst))

    def _end_sent(self, burst: Burst) -> None:
        if self._sending is burst:
            self._sending, self._pending = None, burst
            self._strap.moments.fire(Moment.END)

    def _chatter(self) -> list[bytes]:
        """Lines of the strap's own log that are counted as members."""
        epoch, subsec = self._stamp()
        lines = []
        for _ in range(self._strap.config.console_per_burst):
            self._console += 1
            text = f"hist: burst {self._console} pages {self._strap.config.burst_pages}\n"
            lines.append(encode_console(epoch, text, subsec, sequence=self._strap.sequence()))
        return lines
