"""Hold the protocol engine against a file of wire-protocol vectors."""

from collections.abc import Callable
import json
from pathlib import Path
from typing import Any, Final

from openstrap.engine.protocol import (
    CommandRefused,
    Generation,
    HexRejected,
    Marker,
    Packet,
    Reassembler,
    Undecodable,
    build_ack,
    build_frame,
    check_frame,
    decode,
    parse_hex,
    set_alarm,
    set_clock,
)
from openstrap.engine.protocol.checksum import crc8, crc16, crc32

from .protocol_control import CONTROL
from .protocol_records import RECORDS

type Case = dict[str, Any]
type Answer = dict[str, Any] | None

TOLERANCE: Final = 1e-4
TOLERANCE_COARSE: Final = 1e-3
"""For turning rates and decibels."""
UNVALIDATED: Final = frozenset({"activity", "steps_inc"})
"""Of ``record``: a legacy score and a guess, not to be built."""


def evaluate(path: Path) -> dict[str, Any]:
    """Run every case of a file; returns path, number of cases, of passed ones, and failed ids.

    A line that is no case fails under the name of its line.
    """
    cases, failed = 0, []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip():
            continue
        cases += 1
        name = f"line {number}"
        try:
            case = json.loads(line)
            name = case["id"]
            passed = passes(case)
        except ValueError, KeyError, TypeError, AttributeError:
            passed = False
        if not passed:
            failed.append(name)
    return {"path": str(path), "cases": cases, "passed": cases - len(failed), "failed": failed}


def passes(case: Case) -> bool:
    """Tell whether the engine gives the expected answer; an unknown kind of case fails."""
    answer = _KINDS.get(case["kind"])
    return answer is not None and same(case["expect"], answer(case))


def same(expected: Any, got: Any, *, tolerance: float = TOLERANCE) -> bool:
    """Compare an answer with what is expected: every expected key, nothing beyond them."""
    if isinstance(expected, dict):
        return isinstance(got, dict) and all(
            key in UNVALIDATED
            or (
                key in got
                and same(
                    value,
                    got[key],
                    tolerance=TOLERANCE_COARSE if "dps" in key or "psnr" in key else tolerance,
                )
            )
            for key, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(got, (list, tuple))
            and len(expected) == len(got)
            and all(same(a, b, tolerance=tolerance) for a, b in zip(expected, got, strict=True))
        )
    if isinstance(expected, bool) or expected is None or isinstance(got, bool):
        return expected is got
    if isinstance(expected, float) and isinstance(got, (int, float)):
        return abs(expected - got) <= tolerance
    return bool(expected == got)


def contents(inner: bytes, generation: Generation) -> dict[str, Any]:
    """Every content key of the vectors, None where the packet is of another kind."""
    try:
        packet: Packet | None = decode(inner, generation)
    except Undecodable:
        packet = None
    answer: dict[str, Any] = {key: reader(packet) for key, reader in (RECORDS | CONTROL).items()}
    answer["usable_hr"] = getattr(packet, "usable_hr_bpm", None)
    return answer


def _inner_case(case: Case) -> Answer:
    return contents(bytes.fromhex(case["hex"]), Generation(case["gen"]))


def _frame_case(case: Case) -> Answer:
    generation = Generation(case["gen"])
    found = check_frame(generation, bytes.fromhex(case["hex"]))
    answer: dict[str, Any] = {
        "valid": found.valid,
        "header_crc_ok": found.header_crc_ok,
        "payload_crc_ok": found.payload_crc_ok,
        "inner": None if found.inner is None else found.inner.hex(),
    }
    return answer | contents((found.inner if found.valid else None) or b"", generation)


def _build_case(case: Case) -> Answer:
    # The envelope carries any opcode; which ones have a builder is another matter.
    inner = bytes((0x23, case["seq"], case["opcode"])) + bytes.fromhex(case["payload"])
    return {"frame": build_frame(Generation(case["gen"]), inner).hex()}


def _ack_case(case: Case) -> Answer:
    generation = Generation(case["gen"])
    try:
        marker = decode(bytes.fromhex(case["hex"]), generation)
        if not isinstance(marker, Marker):
            return None
        inner = build_ack(marker, case["seq"])
    except Undecodable, CommandRefused:
        return None
    return {
        "token": marker.token.hex() if marker.token else None,
        "ack_inner": inner.hex(),
        "ack_frame": build_frame(generation, inner).hex(),
    }


def _reassembly_case(case: Case) -> Answer:
    reassembler = Reassembler(Generation(case["gen"]))
    inners: list[bytes] = []
    for chunk in case["chunks"]:
        inners += reassembler.feed(bytes.fromhex(chunk))
    return {"inners": [inner.hex() for inner in inners]}


def _clock_case(case: Case) -> Answer:
    inner = set_clock(case["seq"], case["unix_ms"])
    frame = build_frame(Generation(case["gen"]), inner)
    return {"payload": inner[3:].hex(), "frame": frame.hex()}


def _alarm_case(case: Case) -> Answer:
    generation = Generation(case["gen"])
    inner = set_alarm(generation, case["seq"], case["unix_ms"])
    return {"payload": inner[3:].hex(), "frame": build_frame(generation, inner).hex()}


def _crc_case(case: Case) -> Answer:
    data = bytes.fromhex(case["hex"])
    return {"crc8": crc8(data), "crc16_modbus": crc16(data), "crc32": crc32(data)}


def _ingest_case(case: Case) -> Answer:
    try:
        inners = parse_hex(case["text"])
    except HexRejected as rejected:
        return {"accept": False, "reason": rejected.reason}
    return {
        "accept": True,
        "layer": "frame" if inners[0].proven else "inner",
        "gen": str(inners[0].generation),
        "inners": [inner.data.hex() for inner in inners],
    }


_KINDS: Final[dict[str, Callable[[Case], Answer]]] = {
    "inner": _inner_case,
    "frame": _frame_case,
    "build": _build_case,
    "ack": _ack_case,
    "reassembly": _reassembly_case,
    "set_clock": _clock_case,
    "set_alarm": _alarm_case,
    "crc": _crc_case,
    "ingest": _ingest_case,
}
