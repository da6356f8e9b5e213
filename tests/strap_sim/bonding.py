"""Bonds: who may encrypt a link, and what happens to those who may not."""

from random import Random
from typing import TYPE_CHECKING, Final

from custom_components.openstrap.engine.protocol import EventId, Generation

from .ledger import Misconduct
from .link import Closer, Link, PairingRefused
from .moments import Moment

if TYPE_CHECKING:
    from .strap import SimulatedStrap

LOST_KEYS_DROP_S: Final = 3.0
"""How long a link lives whose two sides have different keys."""


class Bonding:
    """The strap's side of its bonds."""

    def __init__(self, strap: SimulatedStrap) -> None:
        """Begin without any."""
        self._strap = strap
        self.keys: dict[str, int] = {}
        """Keys by the names of hosts."""
        self.pairing_mode = False
        self.refusals = 0
        """How many times a bond is refused whatever the mode."""
        self._random = Random(strap.config.address)

    def pair(self, link: Link) -> None:
        """Bond with a host, or encrypt by the bond that is there. Raises PairingRefused."""
        if link.encrypted:
            return
        strap, host = self._strap, link.transport.host
        address = strap.config.address
        key = host.keys.get(address)
        if key is not None and key == self.keys.get(host.name):
            self._encrypted(link)
            return
        if key is not None:
            # To the host all looks well, but nothing that either side sends makes sense.
            link.encrypted = link.wedged = True
            strap.soon(lambda: link.close(Closer.STRAP), LOST_KEYS_DROP_S)
            return
        if self.refusals:
            self.refusals -= 1
            raise PairingRefused
        if strap.config.bonded_elsewhere and not self.pairing_mode:
            raise PairingRefused
        self.pairing_mode = False
        host.keys[address] = self.keys[host.name] = self._random.getrandbits(32)
        strap.event(EventId.BLE_BONDED)
        self._encrypted(link)

    def _encrypted(self, link: Link) -> None:
        link.encrypted = True
        self._strap.moments.fire(Moment.ENCRYPTED)

    def start_pairing_mode(self) -> None:
        """Be tapped until the lights pulse blue."""
        self.pairing_mode = True
        self._strap.event(EventId.PAIRING_MODE)

    def forget(self) -> None:
        """Lose all keys, while the hosts keep theirs."""
        self.keys.clear()

    def subscribed_unbonded(self, link: Link) -> None:
        """Take offence at a subscription before the bond (gen5)."""
        strap = self._strap
        if strap.generation is Generation.GEN5:
            strap.ledger.accuse(Misconduct.SUBSCRIBED_BEFORE_BOND, strap.time.now())
            link.wedged = True
