"""What a strap shouts while nobody is connected to it."""

from uuid import UUID

from .gatt import vendor_uuid
from .strap import SimulatedStrap

RANDOM_ADDRESS = 1
_FLAGS, _UUIDS_128, _NAME = 0x01, 0x07, 0x09


def advertisement(strap: SimulatedStrap, *, with_name: bool = True) -> bytes:
    """Give its advertisement, with the scan response (the name) that only active scanners see."""

    def part(kind: int, data: bytes) -> bytes:
        return bytes((len(data) + 1, kind)) + data

    data = part(_FLAGS, b"\x06")
    data += part(_UUIDS_128, UUID(vendor_uuid(strap.generation, 1)).bytes[::-1])
    return data + part(_NAME, strap.config.name.encode()) if with_name else data
