"""Everything that belongs to one connection, and to no other."""

from dataclasses import dataclass
from typing import Self

from .attention import Attention
from .clock import ClockKeeper
from .collector import Collector, Inbox
from .conversation import Conversation
from .generation import Traits
from .keeper import Keeper
from .link import GattClient, Link
from .receiver import Receiver


@dataclass(frozen=True, slots=True)
class Connection:
    """The parts of a session, each of which knows the ones above it."""

    link: Link
    conversation: Conversation
    keeper: Keeper
    collector: Collector
    receiver: Receiver
    attention: Attention
    clock: ClockKeeper

    @classmethod
    def over(cls, client: GattClient, keeper: Keeper, inbox: Inbox) -> Self:
        """Put the parts together. Raises StrapError when the client is connected to no strap."""
        link = Link(client)
        conversation = Conversation(link)
        collector = Collector(link.generation, inbox, keeper.window)
        return cls(
            link=link,
            conversation=conversation,
            keeper=keeper,
            collector=collector,
            receiver=Receiver(link.generation, collector, conversation.requests, keeper),
            attention=Attention(link, inbox, collector),
            clock=ClockKeeper(conversation, keeper),
        )

    @property
    def traits(self) -> Traits:
        """Differences of the strap's generation."""
        return self.link.traits
