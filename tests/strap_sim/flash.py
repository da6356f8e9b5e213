"""The strap's memory: a ring of pages that is written at one end and trimmed at the other."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

PAGES: Final = 131_072
"""Pages of a real ring."""
SUMMARIES_PER_PAGE: Final = 14
RAW_PER_PAGE: Final = 3
"""Records of a page: summaries alone, or with raw motion and optics beside each."""

type Stamp = tuple[int, int]
"""Strap time: seconds and ticks of 1/32768 s."""


@dataclass(slots=True)
class Page:
    """Some records; ``first`` is the number of the first one in the ledger."""

    number: int
    first: int
    inners: list[bytes] = field(default_factory=list)

    @property
    def end(self) -> int:
        """Number in the ledger of the record after the last."""
        return self.first + len(self.inners)


def stamp_of(inner: bytes) -> Stamp:
    """Read the time of a record."""
    return int.from_bytes(inner[7:11], "little"), int.from_bytes(inner[11:13], "little")


class FlashRing:
    """Pages from the trim pointer to the write pointer, oldest first.

    Pages are written full or closed early by a transfer. When the write pointer meets the
    trim pointer the oldest page is overwritten, as in a strap that was left alone for weeks.
    """

    def __init__(
        self,
        total_pages: int = PAGES,
        records_per_page: int = SUMMARIES_PER_PAGE,
        *,
        first_page: int = 0,
        wrap_count: int = 0,
    ) -> None:
        """Start empty, writing at ``first_page``."""
        self.total_pages, self.records_per_page = total_pages, records_per_page
        self.pages: deque[Page] = deque()
        self.write_page, self.wrap_count = first_page % total_pages, wrap_count
        self.used = 0
        self.newest: Stamp = (0, 0)
        self._open = False

    @property
    def trim_page(self) -> int:
        """Oldest page that is not erased."""
        return self.pages[0].number if self.pages else self.write_page

    @property
    def free(self) -> int:
        """Records that there is room for."""
        return self.total_pages * self.records_per_page - self.used

    def append(self, inners: Sequence[bytes], first: int) -> list[range]:
        """Write records numbered from ``first`` on; give the numbers of those overwritten."""
        lost: list[range] = []
        at = 0
        while at < len(inners):
            if not self._open:
                lost += self._begin_page(first + at)
            page = self.pages[-1]
            room = self.records_per_page - len(page.inners)
            page.inners += inners[at : at + room]
            at += room
            if len(page.inners) >= self.records_per_page:
                self.close_page()
        if inners:
            self.used += len(inners)
            self.newest = stamp_of(inners[-1])
        return lost

    def close_page(self) -> None:
        """Move the write pointer behind the page that is being written, if there is one."""
        if self._open:
            self._open = False
            self.write_page += 1
            if self.write_page == self.total_pages:
                self.write_page = 0
                self.wrap_count += 1

    def _begin_page(self, first: int) -> list[range]:
        lost = []
        if len(self.pages) >= self.total_pages - 1:
            old = self.pages.popleft()
            self.used -= len(old.inners)
            lost.append(range(old.first, old.end))
        self.pages.append(Page(self.write_page, first))
        self._open = True
        return lost

    def erase_before(self, number: int) -> list[Page]:
        """Erase the pages whose records all have lower numbers; give them."""
        erased = []
        while self.pages and self.pages[0].end <= number:
            erased.append(self.pages.popleft())
            self.used -= len(erased[-1].inners)
            if not self.pages:
                self._open = False
        return erased

    def oldest(self) -> Stamp:
        """Time of the oldest record that is not erased, else of the newest ever."""
        return stamp_of(self.pages[0].inners[0]) if self.used else self.newest
