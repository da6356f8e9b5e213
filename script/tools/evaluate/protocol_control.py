"""Control packets and live heart rate under the names that the vectors use."""

from collections.abc import Callable
from typing import Any, Final

from openstrap.engine.protocol import Command, Event, LiveHeartRate, Marker, Packet, Response
from openstrap.engine.protocol.event import BatteryLevel
from openstrap.engine.protocol.response import Battery, Clock, DataRange, Hello, Name, Version

type Answer = dict[str, Any] | None


def _realtime_hr(packet: Packet | None) -> Answer:
    if not isinstance(packet, LiveHeartRate):
        return None
    return {
        "revision": packet.revision,
        "ts": packet.epoch,
        "subsec": packet.subsec,
        "hr": packet.hr_bpm,
        "rr_ms": packet.rr_ms,
        "on_body": packet.on_body,
        "location": packet.location,
    }


def _event(packet: Packet | None) -> Answer:
    if not isinstance(packet, Event):
        return None
    answer = {
        "event_id": packet.event_id,
        "ts": packet.epoch,
        "subsec": packet.subsec,
        "body": packet.body.hex(),
        "name": packet.name,
    }
    if isinstance(packet.detail, BatteryLevel):
        answer |= {
            "battery_pct": packet.detail.percent,
            "millivolts": packet.detail.millivolts,
            "charging": packet.detail.charging,
        }
    return answer


def _metadata(packet: Packet | None) -> Answer:
    if not isinstance(packet, Marker):
        return None
    return {
        "sub": int(packet.sub),
        "ts": packet.epoch,
        "subsec": packet.subsec,
        "expected_count": packet.expected_count,
        "token": packet.token.hex() if packet.token else None,
        "token_page": packet.token_page,
        "token_wrap": packet.token_wrap,
        "fw": packet.firmware,
        "sigproc": packet.signal_processor,
    }


def _data_range(found: DataRange) -> dict[str, Any]:
    return {
        "raw_old_page": found.oldest_raw_page,
        "read_page": found.read_page,
        "write_page": found.write_page,
        "trim_page": found.trim_page,
        "wrap_count": found.wrap_count,
        "total_pages": found.total_pages,
        "used_records": found.used_records,
        "free_records": found.free_records,
        "oldest_ts": found.oldest_epoch,
        "oldest_subsec": found.oldest_subsec,
        "trim_ts": found.trim_epoch,
        "trim_subsec": found.trim_subsec,
        "read_ts": found.read_epoch,
        "read_subsec": found.read_subsec,
        "newest_ts": found.newest_epoch,
        "newest_subsec": found.newest_subsec,
        "pages_behind": found.backlog_pages,
    }


def _hello(found: Hello) -> dict[str, Any]:
    return {
        "battery_pct": found.battery_percent,
        "charging_raw": int(found.charging),
        "clock_epoch": found.clock_epoch,
        "clock_subsec": found.clock_subsec,
        "serial": found.serial,
        "fw": found.firmware,
    }


def _response(packet: Packet | None) -> Answer:
    if not isinstance(packet, Response):
        return None
    answer: dict[str, Any] = {
        "opcode": packet.opcode,
        "req_seq": packet.request_seq,
        "status": packet.status,
    }
    match packet.detail:
        case Hello():
            answer["hello"] = _hello(packet.detail)
        case DataRange():
            answer["data_range"] = _data_range(packet.detail)
        case Battery():
            answer["battery_pct"] = packet.detail.percent
        case Version():
            answer["version"] = {"main": packet.detail.main, "second": packet.detail.second}
        case Name():
            answer["name"] = packet.detail.name
        case Clock():
            answer |= {"clock_epoch": packet.detail.epoch, "clock_subsec": packet.detail.subsec}
    return answer


def _command(packet: Packet | None) -> Answer:
    if not isinstance(packet, Command):
        return None
    return {"seq": packet.sequence, "opcode": packet.opcode, "payload": packet.payload.hex()}


CONTROL: Final[dict[str, Callable[[Packet | None], Answer]]] = {
    "realtime_hr": _realtime_hr,
    "event": _event,
    "metadata": _metadata,
    "response": _response,
    "command": _command,
}
