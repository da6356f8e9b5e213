"""A simulated band that behaves like flash and radio.

``SimulatedStrap`` is the band; it knows no transport. ``SimClient`` reaches it in process
through bleak's own client, ``SimScanner`` through habluetooth's manager, ``ProxyEmulator``
through the ESPHome API. Its ``ledger`` tells what was erased and whether that was safe.
"""

from .client import SimBackend, SimClient
from .clock import LoopTime, ManualTime, StrapClock, Timekeeper
from .gatt import Channel, vendor_uuid
from .ledger import Erasure, Ledger, Misconduct, Misdeed, Oracle
from .link import Closer, Host
from .moments import Moment
from .proxy import ALL_FEATURES, PASSIVE_ONLY, WITHOUT_PAIRING, ProxyEmulator
from .scanner import SimScanner
from .sources import Source, demo_source, steady_source, with_raw, with_unknown_version
from .strap import GEN5, SimulatedStrap, StrapConfig

__all__ = [
    "ALL_FEATURES",
    "GEN5",
    "PASSIVE_ONLY",
    "WITHOUT_PAIRING",
    "Channel",
    "Closer",
    "Erasure",
    "Host",
    "Ledger",
    "LoopTime",
    "ManualTime",
    "Misconduct",
    "Misdeed",
    "Moment",
    "Oracle",
    "ProxyEmulator",
    "SimBackend",
    "SimClient",
    "SimScanner",
    "SimulatedStrap",
    "Source",
    "StrapClock",
    "StrapConfig",
    "Timekeeper",
    "demo_source",
    "steady_source",
    "vendor_uuid",
    "with_raw",
    "with_unknown_version",
]
