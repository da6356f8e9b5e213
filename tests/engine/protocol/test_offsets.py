"""Where a field says it stands, there it is read from, and not from the byte before."""

from dataclasses import is_dataclass
from typing import Any

import pytest

from custom_components.openstrap.engine.protocol import Undecodable, decode, field_specs

from .material import ALL, Sample

BEHIND_THEIR_COUNT = {"rr_ms", "name"}
"""The byte before these says how many there are, so it matters too."""
DECIDE_THE_KIND = {"packet_type": 0, "version": 1, "sub": 2}
"""Another value here makes another packet of it."""


def placed(packet: Any, base: int = 0, path: tuple[str | int, ...] = ()) -> list[tuple[Any, int]]:
    """Path and place of every field at a fixed offset, those of first parts too."""
    found: list[tuple[Any, int]] = []
    for spec in field_specs(packet):
        if spec.at is None:
            continue
        value = getattr(packet, spec.name)
        here = (*path, spec.name)
        if is_dataclass(value):
            found += placed(value, base + spec.at, here)
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            found += placed(value[0], base + spec.at, (*here, 0))
        elif value is not None:
            found.append((here, base + spec.at))
    return found


def at(packet: Any, path: tuple[str | int, ...]) -> Any:
    """Follow a path into a packet."""
    for step in path:
        packet = packet[step] if isinstance(step, int) else getattr(packet, step)
    return packet


def variants(sample: Sample, place: int, kind: type) -> list[Any]:
    """Decode the packet with each bit of one byte flipped, as far as it stays of its kind."""
    found = []
    for bit in range(8):
        data = bytearray(sample.inner)
        data[place] ^= 1 << bit
        try:
            packet = decode(bytes(data), sample.generation)
        except Undecodable:
            continue
        if type(packet) is kind:
            found.append(packet)
    return found


def reads(packets: list[Any], path: tuple[str | int, ...], value: Any) -> bool:
    """Tell whether a field differs in any of the packets."""
    for packet in packets:
        try:
            if at(packet, path) != value:
                return True
        except AttributeError, IndexError, TypeError:
            # The part that holds it is gone: another byte decided that.
            continue
    return False


@pytest.mark.parametrize("sample", ALL, ids=[one.name for one in ALL])
def test_offsets_are_true(sample: Sample) -> None:
    """A bit flipped there changes the field; one flipped just before does not."""
    packet = decode(sample.inner, sample.generation)
    for path, place in placed(packet):
        if place >= len(sample.inner):
            assert at(packet, path) in (b"", (), ""), path
            continue
        value = at(packet, path)
        if path[-1] in DECIDE_THE_KIND:
            assert place == DECIDE_THE_KIND[str(path[-1])]
            continue
        empty = value in ((), b"")
        if not empty:
            assert reads(variants(sample, place, type(packet)), path, value), (path, place)
        if place and path[-1] not in BEHIND_THEIR_COUNT and not empty:
            before = variants(sample, place - 1, type(packet))
            assert not reads(before, path, value), (path, place)
