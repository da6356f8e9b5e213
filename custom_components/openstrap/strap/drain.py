"""The transfer of history: store, then acknowledge, in rounds until the newest record is here."""

import asyncio
from dataclasses import replace
import logging
from typing import Final

from ..engine.protocol.command import (
    abort_history,
    get_data_range,
    high_freq_exit,
    history_failed,
    send_history,
)
from ..engine.protocol.response import DataRange
from .collector import BurstEnd, Complete, Item, Slice
from .connection import Connection
from .conversation import GAP_S, Switch
from .errors import CommitFailed, FaultKind, StrapError
from .policy.burst import BurstPolicy, Verdict
from .policy.clock import RECHECK_FROM_S
from .policy.plausible import When
from .policy.rounds import ROUND_GAP_S, After, Round, RoundsPolicy
from .policy.stall import AFTER_ABORT_S, IDLE_S, StallPolicy
from .state import Commit, Committed, Phase, Progress

_LOGGER = logging.getLogger(__name__)

COMMIT_TIMEOUT_S: Final = 300.0
"""A disk that takes longer is taken to have failed."""


class Drain:
    """Drains over one connection."""

    def __init__(self, connection: Connection, commit: Commit) -> None:
        """Store what comes with ``commit``."""
        self._conversation = connection.conversation
        self._traits = connection.traits
        self._receiver = connection.receiver
        self._keeper = connection.keeper
        self._clock = connection.clock
        self._attention = connection.attention
        self._collector = connection.collector
        self._commit = commit
        self._time = asyncio.get_running_loop().time
        self._stall = StallPolicy()
        self._rounds = RoundsPolicy(self._keeper.memory.rounds)
        self._bursts = BurstPolicy(self._keeper.memory.burst, count_binds=self._traits.count_binds)
        self._round = Round()
        self._asked_at: float | None = None
        self._acted_at = self._time()
        self._acknowledged: bytes | None = None
        self._acks = 0
        self._frames = 0
        self._new = 0

    async def catch_up(self, seq: int | None = None) -> int:
        """Ask for history until there is no more; gives how many frames were new.

        ``seq`` is the sequence number of the first request. Raises StrapError, Stopped.
        """
        self._keeper.update(phase=Phase.DRAINING)
        self._rounds.start()
        new = self._new
        while True:
            await self._one_round(seq)
            seq = None
            await self.look_at_range()
            state, memory = self._keeper.state, self._keeper.memory
            after = self._rounds.judge(
                self._round,
                newest_ts=state.newest_ts,
                stored_ts=memory.last_record_ts,
                now=self._time(),
            )
            self._keeper.remember(rounds=self._rounds.memory)
            if after is After.DONE:
                return self._new - new
            if after is not After.AGAIN:
                await self._push(after)

    async def _push(self, after: After) -> None:
        """Do what helps a strap that keeps its data to itself; only a new connection shows."""
        if after is After.STUCK:
            await self._conversation.tell(high_freq_exit)
        await self._clock.set()
        stuck = after is After.STUCK
        raise StrapError(FaultKind.STUCK if stuck else FaultKind.CLOCK_LOST)

    async def look_at_range(self) -> None:
        """Ask what the strap holds."""
        generation = self._traits.generation
        response = await self._conversation.ask(lambda seq: get_data_range(generation, seq))
        if response is not None and isinstance(response.detail, DataRange):
            self._keeper.data_range(response.detail)

    async def _one_round(self, seq: int | None) -> None:
        self._round = Round()
        await self._ask_for_history(seq)
        while self._conversation.is_on(Switch.HISTORY):
            item = await self._attention.next(self._idle_at)
            if item is not None:
                await self.handle(item)
            elif self._stall.may_restart_silent():
                _LOGGER.debug("The transfer fell silent")
                await self._restart()
            else:
                raise StrapError(FaultKind.STALLED)

    def _idle_at(self) -> float:
        return max(self._receiver.history_at, self._acted_at) + IDLE_S

    async def _ask_for_history(self, seq: int | None = None) -> None:
        if self._asked_at is not None:
            await asyncio.sleep(self._asked_at + ROUND_GAP_S - self._time())
            # Not before the first request: the strap may have begun by itself.
            self._collector.arm()
        generation = self._traits.generation
        self._conversation.will_turn_off(Switch.HISTORY, lambda seq: abort_history(generation, seq))
        self._asked_at = self._time()
        await self._conversation.tell(lambda seq: send_history(generation, seq), seq=seq)
        self._acted_at = self._time()

    async def _restart(self) -> None:
        """Begin the transfer anew, where the last acknowledgement left it."""
        self._collector.arm()
        generation = self._traits.generation
        await self._conversation.tell(lambda seq: abort_history(generation, seq))
        await asyncio.sleep(AFTER_ABORT_S)
        await self.look_at_range()
        await asyncio.sleep(GAP_S)
        await self._clock.check(set_from_s=RECHECK_FROM_S)
        await self._ask_for_history()

    # --- what comes -----------------------------------------------------------

    async def handle(self, item: Item) -> None:
        """Store a slice, answer an END, or end the round."""
        if isinstance(item, Slice):
            await self.store(item)
        elif item.transfer != self._collector.transfer:
            _LOGGER.debug("A marker of a transfer that was given up")
        elif isinstance(item, Complete):
            self._conversation.went_off(Switch.HISTORY)
            self._keeper.update(last_sync_ts=self._keeper.clock())
        else:
            await self._end(item)
        await self.look_at_radio()

    async def store(self, item: Slice) -> None:
        """Put frames on disk. Raises CommitFailed."""
        try:
            async with asyncio.timeout(COMMIT_TIMEOUT_S):
                committed: Committed = await self._commit(item.frames)
        except TimeoutError as err:
            raise CommitFailed("took too long") from err
        if committed.stored < len(item.frames):
            raise CommitFailed(f"{len(item.frames) - committed.stored} frames were not stored")
        self._frames += len(item.frames)
        self._new += committed.new
        self._acted_at = self._time()
        self._keeper.update(frames_synced=self._new)

    async def _end(self, end: BurstEnd) -> None:
        token, tally = end.marker.token, end.tally
        if not end.burst and token is not None and token == self._acknowledged:
            # The strap did not hear it; what it asks about is on disk.
            await self._acknowledge(end)
            return
        if not end.burst or token is None:
            await self._again(judged=False)
            return
        self._keeper.recorded(tally.newest_ts)
        expected = end.marker.expected_count or 0
        verdict = self._bursts.judge(
            token,
            tally,
            expected=expected,
            past_rounds=self._keeper.memory.past_rounds,
        )
        self._keeper.remember(burst=self._bursts.memory)
        if tally.received != expected:
            _LOGGER.debug("A burst of %s packets had %s", expected, tally.received)
        if verdict is Verdict.ACKNOWLEDGE:
            await self._acknowledge(end)
            self._account(end)
        elif verdict is Verdict.AGAIN:
            await self._again(judged=True)
        elif verdict is Verdict.IMPLAUSIBLE:
            self._refuse(tally.implausible)
        else:
            raise StrapError(FaultKind.DAMAGED)

    def _refuse(self, when: When | None) -> None:
        memory, latches = self._keeper.memory, self._keeper.state.clock_latches
        if when is When.BEFORE and latches is not False:
            self._keeper.remember(past_rounds=memory.past_rounds + 1)
        raise StrapError(FaultKind.IMPLAUSIBLE, str(when))

    async def _acknowledge(self, end: BurstEnd) -> None:
        """Let the strap erase a burst. Everything of it is on disk when this is called."""
        await self._conversation.link.acknowledge(end.marker, self._conversation.next_ack_seq())
        self._acknowledged = end.marker.token
        self._acted_at = self._time()

    def _account(self, end: BurstEnd) -> None:
        tally = end.tally
        self._bursts.acknowledged()
        self._stall.acknowledged()
        self._keeper.remember(burst=self._bursts.memory)
        if not tally.implausible:
            self._keeper.remember(past_rounds=0)
        self._keeper.fetched_to(end.marker.token_page)
        self._acks += 1
        self._round = replace(
            self._round,
            bursts=self._round.bursts + 1,
            received=self._round.received + tally.received,
            consoles=self._round.consoles + tally.consoles,
        )
        state = self._keeper.state
        self._keeper.progress(
            Progress(self._acks, self._frames, self._new, state.backlog_pages, state.last_record_ts)
        )

    async def _again(self, *, judged: bool) -> None:
        """Have the burst sent once more. ``judged`` tells that the burst policy counts the tries."""
        binds = self._traits.count_binds
        if not (binds and judged) and not self._stall.may_restart_damaged():
            raise StrapError(FaultKind.DAMAGED)
        if binds:
            generation = self._traits.generation
            await self._conversation.tell(
                lambda seq: history_failed(generation, seq),
                seq=self._conversation.next_ack_seq(),
            )
            self._acted_at = self._time()
        else:
            # Insisting by that answer has wedged gen4 straps; starting anew has not.
            await self._restart()

    async def look_at_radio(self) -> None:
        """On a bad radio path, say so once and end raw streams."""
        if self._receiver.quality.marginal and not self._keeper.state.marginal_radio:
            self._keeper.update(marginal_radio=True)
            for build in self._traits.quiet:
                await self._conversation.tell(build)
