"""What the readable decoder and the one for many at once say of a payload, in the same words."""

from math import isnan
from typing import Any

import numpy as np

from custom_components.openstrap.engine.protocol import (
    BeatRecords,
    Generation,
    Reason,
    Undecodable,
    decode,
)

RECORD_TYPES = (0x2F, 0x2B, 0x28)
REASONS = {int(reason): reason for reason in Reason}

type Said = dict[str, object]


def attempt(inner: bytes, generation: Generation) -> Any:
    """Decode a payload alone: the packet, or why there is none."""
    try:
        return decode(inner, generation)
    except Undecodable as error:
        return error


def single(inner: bytes, packet: Any) -> Said:
    """Say what the bulk decoder must say, by way of the readable one's packet."""
    answer: Said = {
        "reason": Reason.OK, "hr": 0, "rr": (), "accel": None, "dyn": None, "skin": None,
        "steps": -1,
    }  # fmt: skip
    if not inner:
        return answer | {"reason": Reason.EMPTY}
    if inner[0] not in RECORD_TYPES:
        return answer | {"reason": Reason.NOT_A_RECORD}
    if isinstance(packet, Undecodable):
        return answer | {"reason": packet.code}
    if not hasattr(packet, "usable_hr_bpm"):
        return answer | {"reason": Reason.NO_BEATS}
    return {
        "reason": Reason.OK,
        "hr": packet.usable_hr_bpm or 0,
        "rr": getattr(packet, "rr_ms", ()),
        "accel": packet.accel_mean_g if hasattr(packet, "accel_mean_g") else getattr(packet, "accel_g", None),
        "dyn": getattr(packet, "dyn_accel_g", None),
        "skin": getattr(packet, "skin_temp_c", None),
        "steps": getattr(packet, "step_counter", -1),
        "time": (packet.epoch, packet.subsec, getattr(packet, "counter", -1)),
    }  # fmt: skip


def rows(records: BeatRecords) -> list[Said]:
    """Say each row of the bulk answer."""
    empty = np.arange(records.rr_ms.shape[1]) >= records.rr_count[:, None]
    assert not records.rr_ms[empty].any()
    columns = zip(
        *(
            column.tolist()
            for column in (
                records.reason, records.hr_bpm, records.rr_ms, records.rr_count, records.accel_g,
                np.isnan(records.accel_g).any(axis=1), records.dyn_accel_g, records.skin_temp_c,
                records.step_counter, records.epoch, records.subsec, records.counter,
            )
        ),
        strict=True,
    )  # fmt: skip
    answers = []
    for reason, hr, rr, count, accel, unknown, dyn, skin, steps, *moment in columns:
        answer: Said = {
            "reason": REASONS[reason],
            "hr": hr,
            "rr": tuple(rr[:count]),
            "accel": None if unknown else tuple(accel),
            "dyn": None if isnan(dyn) else dyn,
            "skin": None if isnan(skin) else round(skin, 2),
            "steps": steps,
        }
        if reason == Reason.OK:
            answer["time"] = tuple(moment)
        answers.append(answer)
    return answers
