"""Records to samples: sorted by true time, each moment once, whatever the order."""

from typing import Any

from hypothesis import given, strategies as st
import numpy as np

from custom_components.openstrap.engine.protocol import Generation
from custom_components.openstrap.engine.protocol.encode import encode_r10, encode_r24, encode_v18
from custom_components.openstrap.engine.rollup import Source
from custom_components.openstrap.engine.samples import Samples, build_samples, empty_samples

from .made_records import records, rows_of
from .series import decoded, samples_of


def same(left: Samples, right: Samples) -> bool:
    """Tell whether two agree to the bit, NaN with NaN."""
    return (
        all(
            np.array_equal(getattr(left, name), getattr(right, name), equal_nan=name == "accel_g")
            for name in ("ts", "hr_bpm", "accel_g", "rr_ms", "rr_index")
        )
        and (
            left.step_counter is right.step_counter is None
            or np.array_equal(left.step_counter, right.step_counter)  # type: ignore[arg-type]
        )
        and (
            left.skin_temp_c is right.skin_temp_c is None
            or np.array_equal(left.skin_temp_c, right.skin_temp_c, equal_nan=True)  # type: ignore[arg-type]
        )
    )


def test_time_keeps_its_fraction() -> None:
    """Two records of one second stay two."""
    frames = [encode_r24(1, 1000, 0, 60, [900, 910]), encode_r24(2, 1000, 31508, 61, [920])]
    samples = build_samples([(Source.SUMMARY, decoded(frames))])
    assert samples.ts.tolist() == [1000.0, 1000 + 31508 / 32768]
    assert samples.hr_bpm.tolist() == [60, 61]
    assert samples.rr_ms.tolist() == [900, 910, 920]
    assert samples.rr_index.tolist() == [0, 0, 1]


def test_the_summary_stands_before_its_twin() -> None:
    """An R24 and the R10 of its moment are one moment; live records are none."""
    still = np.tile([[0.0], [0.0], [1.0]], (1, 100))
    summary = decoded([encode_r24(5, 2000, 100, 60, [950], accel_g=(0, 1, 0))])
    twin = decoded(
        [
            encode_r10(5, 2000, 100, 60, [950], accel_g=still, gyro_dps=0 * still),
            encode_r10(6, 2000, 31608, 62, [940], accel_g=still, gyro_dps=0 * still),
        ]
    )
    live = decoded([encode_r24(9, 2009, 0, 99, [600])])
    parts = [(Source.LIVE, live), (Source.HIGH_RATE, twin), (Source.SUMMARY, summary)]
    samples = build_samples(parts)
    assert same(samples, build_samples(parts[::-1]))
    assert samples.ts.tolist() == [2000 + 100 / 32768, 2000 + 31608 / 32768]
    assert samples.accel_g[0].tolist() == [0.0, 1.0, 0.0]
    assert samples.rr_ms.tolist() == [950.0, 940.0]


def test_a_repeated_stamp_is_settled_by_content() -> None:
    """Two different records of the same stamp: the same one wins in either order."""
    one = decoded([encode_r24(5, 2000, 100, 60, [950])])
    other = decoded([encode_r24(5, 2000, 100, 60, [951])])
    forth = build_samples([(Source.SUMMARY, one), (Source.SUMMARY, other)])
    back = build_samples([(Source.SUMMARY, other), (Source.SUMMARY, one)])
    assert same(forth, back)
    assert len(forth) == 1


@given(st.integers(0, 2**32 - 1))
def test_a_function_of_the_set(seed: int) -> None:
    """Any order, cut and repetition gives the same samples."""
    chance = np.random.default_rng(seed)
    whole = records(100, hr=chance.integers(0, 200, 100))
    whole.accel_g[chance.integers(0, 100, 10)] = np.nan
    order = np.concatenate([chance.permutation(100), chance.integers(0, 100, 30)])
    parts: list[tuple[Source, Any]] = [
        (Source.SUMMARY, rows_of(whole, part)) for part in np.array_split(order, 4)
    ]
    assert same(build_samples(parts), build_samples([(Source.SUMMARY, whole)]))


def test_between_is_half_open() -> None:
    """Beats go with their records."""
    samples = build_samples([(Source.SUMMARY, records(100))])
    part = samples.between(samples.ts[10], samples.ts[20])
    assert np.array_equal(part.ts, samples.ts[10:20])
    inside = (samples.rr_index >= 10) & (samples.rr_index < 20)
    assert np.array_equal(part.rr_ms, samples.rr_ms[inside])
    assert np.array_equal(part.rr_index, samples.rr_index[inside] - 10)
    assert len(samples.between(0.0, 1.0)) == 0


def test_skin_temperature_goes_with_its_record() -> None:
    """Hundredths of a degree; NaN where one record lacks it, None where all do."""
    frames = [
        encode_v18(at, 1000 + at, 0, 60, [900], skin_temp_c=warm)
        for at, warm in enumerate((33.59, None, 34.01, 33.6))
    ]
    samples = build_samples([(Source.SUMMARY, decoded(frames, Generation.GEN5))])
    assert samples.skin_temp_c is not None
    assert samples.skin_temp_c.dtype == np.float64
    assert np.array_equal(samples.skin_temp_c, [33.59, np.nan, 34.01, 33.6], equal_nan=True)
    part = samples.between(1002, 1004).skin_temp_c
    assert part is not None
    assert part.tolist() == [34.01, 33.6]
    bare = build_samples([(Source.SUMMARY, decoded(frames[1:2], Generation.GEN5))])
    assert bare.skin_temp_c is None
    assert build_samples([(Source.SUMMARY, records(5))]).skin_temp_c is None
    assert samples_of([1.0, 2.0]).between(0.0, 5.0).skin_temp_c is None


def test_a_repeated_stamp_with_another_temperature() -> None:
    """The temperature alone settles which of two twins stays, in either order."""
    one, other = (
        decoded([encode_v18(1, 1000, 0, 60, [900], skin_temp_c=warm)], Generation.GEN5)
        for warm in (33.0, 34.0)
    )
    forth = build_samples([(Source.SUMMARY, one), (Source.SUMMARY, other)])
    back = build_samples([(Source.SUMMARY, other), (Source.SUMMARY, one)])
    assert same(forth, back)
    assert len(forth) == 1


def test_steps_go_with_their_record() -> None:
    """As the band counted them; None where no record has a count."""
    frames = [
        encode_v18(at, 1000 + at, 0, 60, [900], steps=count)
        for at, count in enumerate((65534, 65535, 0, 3))
    ]
    samples = build_samples([(Source.SUMMARY, decoded(frames, Generation.GEN5))])
    assert samples.step_counter is not None
    assert samples.step_counter.tolist() == [65534, 65535, 0, 3]
    part = samples.between(1001, 1003).step_counter
    assert part is not None
    assert part.tolist() == [65535, 0]
    gen4 = records(5, seed=1)
    mixed = build_samples(
        [(Source.SUMMARY, decoded(frames, Generation.GEN5)), (Source.SUMMARY, gen4)]
    )
    assert mixed.step_counter is not None
    assert sorted(mixed.step_counter.tolist()) == [-1] * 5 + [0, 3, 65534, 65535]
    assert build_samples([(Source.SUMMARY, gen4)]).step_counter is None


def test_a_repeated_stamp_with_another_count() -> None:
    """The count alone settles which of two twins stays, in either order."""
    one, other = (
        decoded([encode_v18(1, 1000, 0, 60, [900], steps=count)], Generation.GEN5)
        for count in (7, 8)
    )
    forth = build_samples([(Source.SUMMARY, one), (Source.SUMMARY, other)])
    assert same(forth, build_samples([(Source.SUMMARY, other), (Source.SUMMARY, one)]))
    assert len(forth) == 1


def test_nothing_in_nothing_out() -> None:
    """No parts, parts without rows, and rows that were not decoded."""
    broken = records(5)
    broken.reason[:] = 3
    for parts in ([], [(Source.SUMMARY, records(0))], [(Source.SUMMARY, broken)]):
        assert same(build_samples(parts), empty_samples())
