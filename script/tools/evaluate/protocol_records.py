"""Records under the names that the vectors use.

Some of those names were given elsewhere and are wrong (a "skin temperature" that is
none). They live here and nowhere in the engine.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from openstrap.engine.protocol import (
    GatedRecord,
    LiveHeartRate,
    MotionBuffer,
    MotionRecord,
    OpticalBuffer,
    OpticalRecord,
    Packet,
    PulseRecordGen4,
    PulseRecordGen5,
    Record,
    ResearchRecord,
    SummaryRecord,
    SummaryRecordGen5,
)
from openstrap.engine.protocol.optical import OpticalBlock, PulseWindow

type Answer = dict[str, Any] | None

LIVE_HR_CODE: Final = 28
"""How the vectors write packet type 0x28 where a record version stands."""
PSNR_ABSENT: Final = -128


_GATED_OUT: Final = (
    "ppg_green",
    "ppg_red_ir",
    "skin_contact",
    "spo2_red_raw",
    "spo2_ir_raw",
    "skin_temp_raw",
    "ambient_raw",
    "rr_count",
)
"""What a record of an unknown version does not have: the vectors write 0."""


def _r24(packet: Packet | None) -> Answer:
    if not isinstance(packet, (SummaryRecord, GatedRecord)):
        return None
    answer: dict[str, Any] = {
        "ts_epoch": packet.epoch,
        "ts_subsec": packet.subsec,
        "counter": packet.counter,
        "hr": packet.hr_bpm,
        "accel_g": packet.accel_g or (),
    }
    if isinstance(packet, GatedRecord):
        return answer | dict.fromkeys(_GATED_OUT, 0) | {"rr_intervals_ms": ()}
    return answer | {
        "rr_count": len(packet.rr_ms),
        "rr_intervals_ms": packet.rr_ms,
        "ppg_green": packet.optical_29,
        "ppg_red_ir": packet.u16_31,
        "skin_contact": packet.u8_51,
        "spo2_red_raw": packet.optical_64,
        "spo2_ir_raw": packet.optical_66,
        "skin_temp_raw": packet.u16_68,
        "ambient_raw": packet.optical_70,
    }


def _x(packet: Packet | None) -> Answer:
    if not isinstance(packet, SummaryRecord):
        return None
    return {
        "ts_ms": packet.ts_ms,
        "dyn_accel_g": packet.dyn_accel_g,
        "u16_72": packet.u16_72,
    }


def _record(packet: Packet | None) -> Answer:
    if isinstance(packet, LiveHeartRate):
        version = LIVE_HR_CODE
    elif isinstance(packet, (SummaryRecord, GatedRecord, MotionRecord)):
        version = packet.version
    else:
        return None
    return {
        "ts": packet.epoch,
        "hr": packet.hr_bpm,
        "wrist_on": packet.hr_bpm > 0,
        "rec_type": version,
    }


def _rr(packet: Packet | None) -> Answer:
    if not isinstance(packet, (MotionRecord, LiveHeartRate)) or not packet.rr_ms:
        return None
    return {"ts": packet.epoch, "rr_ms": packet.rr_ms}


def _accel(packet: Packet | None) -> Answer:
    if not isinstance(packet, MotionRecord) or not packet.accel_counts:
        return None
    magnitudes = np.linalg.norm(packet.accel_g, axis=0)
    return {"ts": packet.epoch, "idx": 0, "mags": magnitudes.tolist()}


def _motion(packet: MotionRecord | MotionBuffer) -> dict[str, Any]:
    accel, gyro = packet.accel_g, packet.gyro_dps
    return {
        "ts": packet.epoch,
        "subsec": packet.subsec,
        "accel_g_first": accel[:, 0].tolist(),
        "accel_g_mean": accel.mean(axis=1).tolist(),
        "accel_g_std": accel.std(axis=1).tolist(),
        "gyro_dps_first": gyro[:, 0].tolist(),
        "gyro_dps_mean": gyro.mean(axis=1).tolist(),
        "gyro_dps_std": gyro.std(axis=1).tolist(),
    }


def _imu(packet: Packet | None) -> Answer:
    if not isinstance(packet, MotionRecord) or not packet.gyro_counts:
        return None
    return _motion(packet) | {
        "counter": packet.counter,
        "hr": packet.hr_bpm,
        "native_count": packet.accel_native,
    }


def _header(packet: Packet | None) -> Answer:
    if not isinstance(packet, OpticalRecord):
        return None
    return {"ts": packet.epoch, "subsec": packet.subsec, "counter": packet.counter}


def _summed(samples: tuple[int, ...]) -> dict[str, int]:
    return {
        "first": samples[0],
        "last": samples[-1],
        "sum": sum(samples),
        "min": min(samples),
        "max": max(samples),
    }


def _block(block: OpticalBlock) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "count": block.count,
        "leds": [(led.driver, led.current) for led in block.leds],
        "tias": [(one.photodiode, one.range_ua, one.offset) for one in block.detectors],
    }
    if block.count:
        answer |= {"a": _summed(block.a), "b": _summed(block.b)}
    return answer


def _optical(packet: Packet | None) -> Answer:
    if not isinstance(packet, OpticalRecord):
        return None
    return {"blocks": [_block(block) for block in packet.blocks]}


def _v25(packet: Packet | None) -> Answer:
    if not isinstance(packet, PulseRecordGen4):
        return None
    return {
        "ts": packet.epoch,
        "counter": packet.counter,
        "hr": 0,
        "rr_ms": (),
        "accel_g": (),
    }


def _window(window: PulseWindow) -> dict[str, Any]:
    return {
        "first_adc": window.first_adc,
        "deltas": window.deltas,
        "window_last": window.samples[-1],
        "first_ambiguous": window.first_ambiguous,
    }


def _pip(packet: Packet | None) -> Answer:
    if not isinstance(packet, PulseRecordGen4):
        return None
    return _window(packet.window) | {
        "subsec": packet.subsec,
        "pip_state": packet.pip_state,
        "accel_delta_g": packet.accel_delta_g,
        "state_word": packet.state_word,
    }


def _gen5_head(packet: Record) -> dict[str, Any]:
    return {
        "version": packet.version,
        "flags": packet.flags,
        "record_index": packet.counter,
        "ts": packet.epoch,
        "subsec": packet.subsec,
    }


def _v18(packet: Packet | None) -> Answer:
    if not isinstance(packet, SummaryRecordGen5):
        return None
    return _gen5_head(packet) | {
        "hr": packet.hr_bpm,
        "rr_ms": packet.rr_ms,
        "dyn_accel_g": packet.dyn_accel_g,
        "accel_g": packet.accel_g or (),
        "step_counter": packet.step_counter,
        "step_cadence_raw": packet.step_cadence,
        "activity_class_raw": packet.activity_code,
        "activity_class": packet.activity_class,
        "temp_aux1_c": packet.temp_aux1_c,
        "temp_aux2_c": packet.temp_aux2_c,
        "skin_temp_c": packet.skin_temp_c,
        "agc": packet.channel_words,
        "sleep_state": packet.sleep_state,
        "spo2_raw": packet.u8_74,
        "hr_alt_raw": packet.hr_alt_bpm,
        "hr_flags_raw": packet.hr_flags,
        "psnr_b": PSNR_ABSENT if packet.psnr_b_db is None else packet.psnr_b_db,
        "psnr_a": PSNR_ABSENT if packet.psnr_a_db is None else packet.psnr_a_db,
        "signal_quality_logvar": packet.signal_quality_logvar,
    }


def _v20(packet: Packet | None) -> Answer:
    if not isinstance(packet, OpticalBuffer):
        return None
    blocks = [{"count": one.count, "a": one.a, "b": one.b} for one in packet.blocks]
    return _gen5_head(packet) | {"sample_rate_hz": packet.sample_rate_hz, "blocks": blocks}


def _v21(packet: Packet | None) -> Answer:
    if not isinstance(packet, MotionBuffer):
        return None
    return (
        _gen5_head(packet)
        | _motion(packet)
        | {"count_a": len(packet.accel_counts[0]), "count_g": len(packet.gyro_counts[0])}
    )


def _v22(packet: Packet | None) -> Answer:
    if not isinstance(packet, ResearchRecord):
        return None
    answer = _gen5_head(packet) | {
        "tag": packet.tag,
        "windows": [_window(window) for window in packet.windows],
        "pip_ts": packet.pip_epoch,
        "accel_delta_g": packet.accel_delta_g,
        "state_word": packet.state_word,
        "primary_flags": packet.primary_flags,
    }
    if packet.accel_counts:
        answer["accel_raw"] = packet.accel_counts
    return answer


def _v26(packet: Packet | None) -> Answer:
    if not isinstance(packet, PulseRecordGen5):
        return None
    return (
        _gen5_head(packet)
        | _window(packet.window)
        | {
            "ppg_rate_hz": packet.rate_hz,
            "pip_state": packet.pip_state,
            "accel_delta_g": packet.accel_delta_g,
            "state_word": packet.state_word,
            "primary_flags": packet.primary_flags,
            "morphology_pass": packet.morphology_pass,
        }
    )


RECORDS: Final[dict[str, Callable[[Packet | None], Answer]]] = {
    "r24": _r24,
    "x": _x,
    "record": _record,
    "rr": _rr,
    "accel": _accel,
    "imu": _imu,
    "header": _header,
    "optical": _optical,
    "v25": _v25,
    "pip": _pip,
    "v18": _v18,
    "v20": _v20,
    "v21": _v21,
    "v22": _v22,
    "v26": _v26,
}
