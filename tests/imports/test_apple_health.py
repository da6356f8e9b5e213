"""Apple Health's export."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
import tracemalloc

import pytest

from custom_components.openstrap.engine.sleep.hypnogram import Stage
from custom_components.openstrap.imports import (
    ImportedDay,
    ImportedWorkout,
    ImportRefused,
    Refusal,
    Skipped,
)

from .makers import apple_record, apple_xml, zipped
from .reading import BERLIN, of, parts_of

pytestmark = pytest.mark.full

NIGHT = datetime(2026, 3, 28, 23, tzinfo=BERLIN)
"""The night in which the clocks go forward."""
DAY = date(2026, 3, 29)
NOON = datetime(2026, 3, 29, 12, tzinfo=BERLIN)


def at(hours: float) -> datetime:
    """Give a moment of the night, so many hours after it began."""
    return (NIGHT.astimezone(UTC) + timedelta(hours=hours)).astimezone(BERLIN)


def stages(source: str = "Apple Watch") -> list[str]:
    """Give the records of a night."""
    told = [("InBed", 0, 8), ("AsleepCore", 0.5, 3), ("AsleepDeep", 3, 4.5), ("Awake", 4.5, 4.75), ("AsleepREM", 4.75, 6), ("AsleepCore", 6, 7.75), ("Awake", 7.75, 8)]  # fmt: skip
    return [
        apple_record("SleepAnalysis", at(start), at(end), word, source=source)
        for word, start, end in told
    ]


def written(path: Path, elements: list[str], **how: str) -> Path:
    """Write an export as the phone hands it over."""
    return zipped(
        path,
        {
            "apple_health_export/export.xml": apple_xml(elements, **how),
            "apple_health_export/export_cda.xml": b"<ClinicalDocument/>",
        },
    )


def quantity(
    kind: str, value: object, unit: str, source: str = "Apple Watch", when: datetime = NOON
) -> str:
    """Give a record of a minute."""
    return apple_record(kind, when, when + timedelta(minutes=1), value, unit, source=source)


def test_a_whole_export(tmp_path: Path) -> None:
    """Night with stages, sums of one source, means, and the workout."""
    workout = (
        '<Workout workoutActivityType="HKWorkoutActivityTypeTraditionalStrengthTraining" sourceName="W"'
        ' startDate="2026-03-29 17:00:00 +0200" endDate="2026-03-29 18:00:00 +0200">'
        '<WorkoutStatistics type="HKQuantityTypeIdentifierActiveEnergyBurned" sum="300" unit="Cal"/>'
        '<WorkoutStatistics type="HKQuantityTypeIdentifierHeartRate" average="120" maximum="160" unit="count/min"/>'
        "</Workout>"
    )
    elements = [
        *stages(),
        quantity("StepCount", 4000, "count"), quantity("StepCount", 3000, "count", when=NOON + timedelta(hours=2)),
        quantity("StepCount", 9000, "count", "iPhone"),
        quantity("ActiveEnergyBurned", 1000, "kJ"), quantity("BasalEnergyBurned", 1500, "Cal"),
        quantity("HeartRate", 150, "count/min"), quantity("HeartRate", 90, "count/min"),
        quantity("RestingHeartRate", 54, "count/min"),
        quantity("RespiratoryRate", 14, "count/min", when=at(3)), quantity("RespiratoryRate", 15, "count/min", when=at(4)),
        quantity("HeartRateVariabilitySDNN", 61.5, "ms"),
        quantity("OxygenSaturation", 0.97, "%"), quantity("VO2Max", 44.5, "mL/min·kg"), workout,
    ]  # fmt: skip
    name, parts = parts_of(written(tmp_path / "x", elements))
    assert name == "apple_health"
    (day,) = of(ImportedDay, parts)
    assert (day.day, day.timezone) == (DAY, "Europe/Berlin")
    assert day.sleep == (at(0).timestamp(), at(8).timestamp())
    assert [stage for _, _, stage in day.stages] == [
        Stage.LIGHT, Stage.DEEP, Stage.WAKE, Stage.REM, Stage.LIGHT, Stage.WAKE,
    ]  # fmt: skip
    assert day.values == {
        "sleep_min": 420, "light_min": 255, "deep_min": 90, "rem_min": 75, "waso_min": 15,
        "steps": 7000, "active_kcal": pytest.approx(239.0, abs=0.1), "basal_kcal": 1500,
        "day_hr_max_bpm": 150, "resting_hr_bpm": 54, "breathing_rate_brpm": 14.5, "vo2max": 44.5,
    }  # fmt: skip
    # SDNN stands nowhere, least of all as RMSSD.
    assert of(Skipped, parts) == [Skipped("hrv_sdnn", 1)]
    (lifted,) = of(ImportedWorkout, parts)
    assert (lifted.kind, lifted.kcal, lifted.avg_hr_bpm, lifted.max_hr_bpm) == (
        "strength",
        300,
        120,
        160,
    )


def test_the_file_alone(tmp_path: Path) -> None:
    """Without its archive, without a document type, and with a harmless one."""
    for doctype in ("", "<!DOCTYPE HealthData>\n"):
        file = tmp_path / "x"
        file.write_bytes(apple_xml(stages(), doctype=doctype))
        assert of(ImportedDay, parts_of(file)[1])[0].values["sleep_min"] == 420


def test_an_export_among_hundreds_of_files(tmp_path: Path) -> None:
    """Cardiograms and routes stand before it, by name."""
    files = {
        f"apple_health_export/electrocardiograms/{at:03}.csv": b"Name,x\n" for at in range(300)
    }
    files["apple_health_export/export.xml"] = apple_xml(stages())
    name, parts = parts_of(zipped(tmp_path / "x.zip", files))
    assert name == "apple_health"
    assert len(of(ImportedDay, parts)) == 1


def test_days_of_steps(tmp_path: Path) -> None:
    """By the wearer's clock, whatever offset was written; without a watch the source with most."""
    late = datetime(2026, 10, 25, 22, 30, tzinfo=UTC)
    elements = [
        quantity("StepCount", 10, "count", "A", late), quantity("StepCount", 30, "count", "B", late),
        quantity("StepCount", 7, "count", "A", late + timedelta(hours=1)),
    ]  # fmt: skip
    days = of(ImportedDay, parts_of(written(tmp_path / "x", elements))[1])
    assert {day.day: day.values for day in days} == {
        date(2026, 10, 25): {"steps": 30},
        date(2026, 10, 26): {"steps": 7},
    }


def test_sleep_of_several_sources(tmp_path: Path) -> None:
    """The longest is the night; time in bed alone is no sleep; plain sleep has no stages."""
    elements = [
        *stages(),
        apple_record("SleepAnalysis", at(1), at(7), "AsleepUnspecified", source="Phone"),
        apple_record("SleepAnalysis", at(30), at(38), "InBed", source="Phone"),
        apple_record("SleepAnalysis", at(15), at(15.5), "Asleep", source="Phone"),
        apple_record("SleepAnalysis", at(15), at(15), "Asleep", source="Phone"),
        apple_record("SleepAnalysis", at(15), at(16), "Dreaming", source="Phone"),
    ]
    parts = parts_of(written(tmp_path / "x", elements))[1]
    (day,) = of(ImportedDay, parts)
    assert day.values["sleep_min"] == 420
    assert [nap.asleep_min for nap in day.naps] == [30]
    assert of(Skipped, parts) == [Skipped("damaged_row", 2)]
    plain = [apple_record("SleepAnalysis", at(1), at(7), "AsleepUnspecified")]
    (day,) = of(ImportedDay, parts_of(written(tmp_path / "y", plain))[1])
    assert (day.values, day.stages) == ({"sleep_min": 360}, ())


@pytest.mark.parametrize(
    "element",
    [
        quantity("StepCount", "many", "count"), quantity("StepCount", 5, "furlong"),
        quantity("StepCount", -5, "count"), '<Record type="HKQuantityTypeIdentifierStepCount" value="5" unit="count"/>',
        '<Record type="HKQuantityTypeIdentifierStepCount" value="5" unit="count" startDate="2026-13-29 17:00:00 +0200"/>',
        '<Workout workoutActivityType="x" startDate="soon"/>',
    ],
)  # fmt: skip
def test_odd_records_are_counted(tmp_path: Path, element: str) -> None:
    """And nothing comes of them."""
    parts = parts_of(written(tmp_path / "x", [element, '<Record type="HKX"/>', "<Other/>"]))[1]
    assert parts == [Skipped("damaged_row", 1)]


BILLION = (
    '<!DOCTYPE HealthData [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (apple_xml(stages())[:-20], Refusal.DAMAGED),
        (apple_xml([*stages(), "<Record"]), Refusal.DAMAGED),
        (apple_xml(stages()).replace(b"</HealthData>", b"</Health>"), Refusal.DAMAGED),
        (apple_xml(["\x00"]), Refusal.DAMAGED),
        (apple_xml(["&nobody;"]), Refusal.DAMAGED),
        (apple_xml(["<Record>&c;</Record>"], doctype=BILLION), Refusal.SUSPICIOUS),
        (apple_xml([], doctype='<!DOCTYPE HealthData [<!entity x SYSTEM "file:///etc/passwd">]>'), Refusal.SUSPICIOUS),
        (apple_xml([], doctype="<!DOCTYPE HealthData [<!ELEMENT"), Refusal.SUSPICIOUS),
        (apple_xml([], doctype="<!DOCTYPE HealthData>" + BILLION), Refusal.SUSPICIOUS),
        (apple_xml(["<a>" * 100]), Refusal.SUSPICIOUS),
        (apple_xml(["<Record " + " ".join(f'a{at}="x"' for at in range(1000)) + "/>"]), Refusal.SUSPICIOUS),
        (apple_xml(["<a>" + "x" * 6_000_000 + "</a>"]), Refusal.SUSPICIOUS),
        (b'<?xml version="1.0"?><Other>HealthData</Other>', Refusal.DAMAGED),
        (apple_xml([]).replace(b"UTF-8", b"UTF-N"), Refusal.DAMAGED),
        (apple_xml([]).replace(b"UTF-8", b"euc_jp"), Refusal.DAMAGED),
    ],
    ids=["cut", "cut within", "wrong end", "nul", "unknown entity", "bomb", "outside", "no end", "second type",
         "deep", "attributes", "endless text", "other root", "unknown letters", "wide letters"],
)  # fmt: skip
def test_damaged_and_dangerous_files_are_refused_whole(
    tmp_path: Path, data: bytes, code: Refusal
) -> None:
    """With a reason."""
    file = tmp_path / "x"
    file.write_bytes(data)
    with pytest.raises(ImportRefused) as caught:
        parts_of(file)
    assert caught.value.code is code


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Twenty times as many records of the same days need as much."""
    peaks = []
    for many in (2000, 40_000):
        records = [
            quantity("HeartRate", 60, "count/min", when=NOON + timedelta(seconds=step % 3600))
            for step in range(many)
        ]
        file = tmp_path / f"{many}"
        file.write_bytes(apple_xml(records))
        records.clear()
        tracemalloc.start()
        assert parts_of(file)[1]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0] + 2_000_000
