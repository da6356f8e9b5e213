"""What a frame is to the store: its identity, and what is known of its generation."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..engine.protocol import Generation, Inner, PacketType

VERSIONED: Final = frozenset({int(PacketType.HISTORICAL), int(PacketType.REALTIME_RAW)})
"""Types whose second byte is a layout version; elsewhere it is a sequence number."""

_IDENTITY_BYTES: Final = 16


class Evidence(IntEnum):
    """What speaks for a frame's generation; the highest that was ever seen holds.

    A frame header outweighs inference, and two headers that contradict each other are
    settled for the later generation. Inference is a function of the bytes, so gen4
    inferred and gen4 proven need not be told apart: a gen5 header outweighs both, and
    where inference says gen5 only a header can say gen4. One total order, so it does
    not matter what came first.
    """

    GEN5_INFERRED = 0
    GEN4 = 1
    GEN5_PROVEN = 2

    @property
    def generation(self) -> Generation:
        """The generation to decode by."""
        return Generation.GEN4 if self is Evidence.GEN4 else Generation.GEN5


class Kind(NamedTuple):
    """What frames of one block have in common."""

    evidence: Evidence
    type: int
    """Packet type."""
    version: int
    """Record version, 0 for types that have none."""
    length: int
    """Bytes of the inner payload, the longest form seen."""

    @property
    def generation(self) -> Generation:
        """The generation to decode by."""
        return self.evidence.generation


@dataclass(frozen=True, slots=True)
class Rows:
    """Frames of one kind."""

    kind: Kind
    frames: list[bytes]
    matrix: NDArray[np.uint8]
    """(n, length), the same bytes."""

    @classmethod
    def of_matrix(cls, kind: Kind, matrix: NDArray[np.uint8]) -> Rows:
        """Take frames as a matrix."""
        data, size = matrix.tobytes(), kind.length
        frames = [data[at : at + size] for at in range(0, len(data), size)]
        return cls(kind, frames, matrix)

    @classmethod
    def of_frames(cls, kind: Kind, frames: list[bytes]) -> Rows:
        """Take frames as a list."""
        matrix = np.frombuffer(b"".join(frames), dtype=np.uint8).reshape(-1, kind.length)
        return cls(kind, frames, matrix)


def kind_of(frame: bytes, evidence: Evidence) -> Kind:
    """Give the kind of a frame that has at least one byte."""
    version = frame[1] if frame[0] in VERSIONED and len(frame) > 1 else 0
    return Kind(evidence, frame[0], version, len(frame))


def group_frames(inners: Iterable[Inner]) -> list[Rows]:
    """Bring frames together that are of one kind, the best evidence and longest form first.

    That order only saves work: a weaker repetition in the same call is then a plain
    duplicate. Empty frames are left out.
    """
    gen4 = Generation.GEN4
    heads: defaultdict[tuple[int, int, bytes], list[bytes]] = defaultdict(list)
    for data, generation, proven in inners:
        evidence = 1 if generation is gen4 else 2 if proven else 0
        heads[evidence, len(data), data[:2]].append(data)
    kinds: defaultdict[Kind, list[bytes]] = defaultdict(list)
    for (evidence, length, _), frames in heads.items():
        if length:
            kinds[kind_of(frames[0], Evidence(evidence))] += frames
    ordered = sorted(kinds, key=lambda kind: (-kind.evidence, -kind.length, kind))
    return [Rows.of_frames(kind, kinds[kind]) for kind in ordered]


def identities(frames: Iterable[bytes]) -> list[bytes]:
    """Give each frame's identity: a hash of its bytes without trailing zeros.

    Those may be padding, so a frame is the same with them and without.
    """
    size = _IDENTITY_BYTES
    return [blake2b(frame.rstrip(b"\0"), digest_size=size).digest() for frame in frames]
