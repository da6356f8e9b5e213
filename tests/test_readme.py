"""The README must be true: its tables, commands and limits are compared with the code."""

from itertools import dropwhile, takewhile
import json
from pathlib import Path
import re
import struct
import subprocess
from typing import Any

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.util import slugify
import pytest
import yaml

from custom_components.openstrap import const
from custom_components.openstrap.actions import ACTIONS, ATTR_PATTERN, DEFAULT_PATTERN
from custom_components.openstrap.binary_sensor import BINARY_SENSORS
from custom_components.openstrap.button import BUTTONS, WEARER_BUTTONS
from custom_components.openstrap.calendar import CALENDAR
from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.heart.zones import FLOORS, TANAKA_BPM, TANAKA_BPM_PER_YEAR
from custom_components.openstrap.engine.protocol.base import HR_MAX_BPM, HR_MIN_BPM
from custom_components.openstrap.engine.protocol.hexline import MAX_HEX_CHARS
from custom_components.openstrap.event import EVENTS, HAPPENINGS
from custom_components.openstrap.image import IMAGES
from custom_components.openstrap.live_binary_sensor import LIVE_BINARY_SENSORS
from custom_components.openstrap.notify import BUZZ
from custom_components.openstrap.number import NUMBERS
from custom_components.openstrap.phone import body, bucket, ingest_views as views
from custom_components.openstrap.phone.view import BASE
from custom_components.openstrap.select import LIVE_MODE
from custom_components.openstrap.sensor import SENSORS
from custom_components.openstrap.state_sensor import STATE_SENSORS
from custom_components.openstrap.strap import Buzz
from custom_components.openstrap.strap.keeper import FRESH_S
from custom_components.openstrap.strap_sensor import LIVE_SENSORS, STRAP_SENSORS
from custom_components.openstrap.strap_view import LIVE_MODES
from custom_components.openstrap.switch import ALARM
from custom_components.openstrap.time import ALARM_TIME

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "custom_components" / "openstrap"
README = (ROOT / "README.md").read_text()
ENGLISH = json.loads((PACKAGE / "translations" / "en.json").read_text())

STRAP_ENTITIES: dict[str, tuple[Any, ...]] = {
    "sensor": (*STRAP_SENSORS, *LIVE_SENSORS),
    "binary_sensor": BINARY_SENSORS,
    "event": EVENTS,
    "button": BUTTONS,
    "notify": (BUZZ,),
    "time": (ALARM_TIME,),
    "switch": (ALARM,),
    "select": (LIVE_MODE,),
}


OTHER_ENTITIES: dict[str, tuple[Any, ...]] = {
    "binary_sensor": LIVE_BINARY_SENSORS,
    "sensor": STATE_SENSORS,
    "event": HAPPENINGS,
    "calendar": (CALENDAR,),
    "number": NUMBERS,
    "button": WEARER_BUTTONS,
}
ACTION_PAGE = (ROOT / "docs" / "actions.md").read_text()


def section(title: str) -> str:
    """Text below a heading, up to the next one of the same or a higher level."""
    found = re.search(
        rf"^(#+) {re.escape(title)}\n(.*?)(?=^#{{1,2}} |^\1 |\Z)", README, re.MULTILINE | re.DOTALL
    )
    assert found, f"no heading {title!r}"
    return found[2]


def table(title: str) -> list[list[str]]:
    """Cells of the first table of a section, without its head."""
    lines = dropwhile(lambda line: not line.startswith("|"), section(title).splitlines())
    rows = [*takewhile(lambda line: line.startswith("|"), lines)]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[2:]]


def test_entities() -> None:
    """Every sensor that is on by default stands in the table, with the unit it is shown in."""
    expected = {}
    for sensor in SENSORS:
        if not sensor.entity_registry_enabled_default:
            continue
        unit = sensor.suggested_unit_of_measurement or sensor.native_unit_of_measurement
        if sensor.device_class is SensorDeviceClass.TIMESTAMP:
            unit = "timestamp"
        expected[ENGLISH["entity"]["sensor"][sensor.key]["name"]] = unit or "–"
    assert {row[0]: row[1] for row in table("Entities")} == expected


def test_metrics() -> None:
    """The page of metrics has every row of the catalogue, in its order, and says what it is."""
    text = (ROOT / "docs" / "metrics.md").read_text()
    lines = [line.strip("|").split(" | ") for line in text.splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line] for line in lines[2:]]
    assert [row[:7] for row in rows] == [
        [
            spec.label,
            f"`{key}`",
            spec.unit,
            spec.tier.value,
            spec.kind,
            "yes" if spec.headline else "no",
            ", ".join(spec.needs) or "–",
        ]
        for key, spec in CATALOG.items()
    ]
    assert all(len(row) == 8 and len(row[7]) > 8 for row in rows)
    others = len(CATALOG) - sum(spec.headline for spec in CATALOG.values())
    assert f"{others} more for experts" in section("Entities")


def test_entities_of_the_band() -> None:
    """Every one stands in the table, with its kind, its unit and its default."""
    expected = []
    for platform, descriptions in STRAP_ENTITIES.items():
        for one in descriptions:
            unit = getattr(one, "suggested_unit_of_measurement", None) or getattr(
                one, "native_unit_of_measurement", None
            )
            if one.device_class is SensorDeviceClass.TIMESTAMP:
                unit = "timestamp"
            name = ENGLISH["entity"][platform][one.key]["name"]
            on = "yes" if one.entity_registry_enabled_default else "no"
            expected.append([name, platform.replace("_", " "), unit or "–", on])
    assert [row[:4] for row in table("Entities of the band") if len(row) == 5] == expected


def test_other_entities() -> None:
    """Every one of a wearer stands in the table, and the kinds of its events."""
    expected = [
        [
            ENGLISH["entity"][platform][one.key]["name"],
            platform.replace("_", " "),
            "yes" if one.entity_registry_enabled_default else "no",
        ]
        for platform, descriptions in OTHER_ENTITIES.items()
        for one in descriptions
    ]
    rows = table("Other entities of a wearer")
    assert sorted([row[0], row[1], row[3]] for row in rows) == sorted(expected)
    told = {row[0]: row[4] for row in rows if row[1] == "event"}
    for event in HAPPENINGS:
        name = ENGLISH["entity"]["event"][event.key]["name"]
        assert re.findall(r"`(\w+)`", told[name]) == event.event_types


def test_pictures() -> None:
    """Every picture stands in the table, with its default."""
    found = {name.strip(): row[1] for row in table("Pictures") for name in row[0].split(", ")}
    assert found == {
        ENGLISH["entity"]["image"][one.key]["name"]: (
            "yes" if one.entity_registry_enabled_default else "no"
        )
        for one in IMAGES
    }


def test_actions() -> None:
    """Every action has a heading, a table of its fields, and an example that its schema takes."""
    found = re.findall(
        r"^## `openstrap\.(\w+)`\n(.*?)(?=^## |\Z)", ACTION_PAGE, re.MULTILINE | re.DOTALL
    )
    by_name = {action.name: action for action in ACTIONS}
    assert {name for name, _ in found} == set(by_name)
    for name, text in found:
        fields = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
        assert fields == set(map(str, by_name[name].fields)), name
        [example] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
        step = yaml.safe_load(example)["actions"][0]
        assert step["action"] == f"openstrap.{name}"
        data = step.get("data", {}) | step.get("target", {})
        if "{{" not in str(data):
            assert by_name[name].schema(data), name


def test_words_of_the_band() -> None:
    """Kinds of events, states, and patterns are those of the code."""
    rows = {(row[0], row[1]): row[-1] for row in table("Entities of the band")}
    for event in EVENTS:
        name = ENGLISH["entity"]["event"][event.key]["name"]
        assert re.findall(r"`(\w+)`", rows[name, "event"]) == event.event_types
    mode = ENGLISH["entity"]["select"][LIVE_MODE.key]["name"]
    assert re.findall(r"`(\w+)`", rows[mode, "select"]) == LIVE_MODE.options
    [meaning] = re.findall(rf"^\| `{ATTR_PATTERN}` \| (.*) \|$", ACTION_PAGE, re.MULTILINE)
    assert re.findall(r"`(\w+)`", meaning) == list(Buzz)
    assert f"`{DEFAULT_PATTERN}` (two, the default)" in meaning
    text = " ".join(section("Entities of the band").split())
    floors = [f"{floor:.0%}".removesuffix("%") for _, floor in reversed(FLOORS)]
    assert f"from {', '.join(floors[:-1])} and {floors[-1]} % of the maximum" in text
    assert f"{TANAKA_BPM:g} − {TANAKA_BPM_PER_YEAR:g} × age" in text
    assert f"up to {FRESH_S / 60:g} minutes later" in text
    assert f"at most every {const.PUBLISH_SECONDS:g} s" in text


def test_examples_are_yaml_and_use_entities_that_exist() -> None:
    """A copied automation must find its sensors."""
    examples = re.findall(r"```yaml\n(.*?)```", section("Examples"), re.DOTALL)
    assert len(examples) >= 2
    names = {slugify(ENGLISH["entity"]["sensor"][sensor.key]["name"]) for sensor in SENSORS}
    on = {
        slugify(ENGLISH["entity"]["sensor"][sensor.key]["name"])
        for sensor in SENSORS
        if sensor.entity_registry_enabled_default
    }
    for example in examples:
        assert {"alias", "triggers", "actions"} <= set(yaml.safe_load(example))
        used = set(re.findall(r"sensor\.anna_(\w+)", example))
        assert used
        assert used <= names & on


def test_commands() -> None:
    """Every script is named, and every script that is named exists."""
    named = set(re.findall(r"`(script/\w+|\.ci/run)", README))
    scripts = {f"script/{path.name}" for path in (ROOT / "script").iterdir() if path.is_file()}
    assert named == scripts | {".ci/run"}
    usage = subprocess.run(
        [ROOT / "script" / "test", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for part in re.findall(r"`script/test (\w+)`", README):
        assert re.search(rf"^  {part} ", usage, re.MULTILINE), part
    for module in re.findall(r"python -m script\.tools\.(\w+)", README):
        tool = ROOT / "script" / "tools" / module
        assert tool.with_suffix(".py").exists() or (tool / "__main__.py").exists()


def test_addresses() -> None:
    """The routes are those that are registered."""
    told = {row[0].strip("`").removeprefix("POST ") for row in table("Pushing records")[:2]}
    urls = {views.BatchView.url, views.EventsView.url}
    assert {BASE + path for path in told} == urls
    assert f"`GET {BASE}`" in README
    assert f"example{views.BatchView.url}" in README


def test_limits() -> None:
    """Numbers that the code would refuse more than."""
    limits = dict(table("Limits"))
    assert limits["Strings in one request"] == str(body.MAX_STRINGS)
    assert limits["Body, also after decompression"] == f"{body.MAX_BODY // 1024**2} MiB"
    assert limits["One string"] == f"{MAX_HEX_CHARS // 1024} KiB"
    pace = 1 / bucket.REFILL_PER_SECOND
    assert (
        limits["`/ingest/batch` requests of one user"]
        == f"{bucket.CAPACITY:g} at once, then 1 every {pace:g} s"
    )
    assert limits["Heart rate"].startswith(f"{HR_MIN_BPM} to {HR_MAX_BPM} bpm")


def test_options_and_fields() -> None:
    """Names, defaults and bounds of what can be set."""
    names = ENGLISH["options"]["step"]["settings"]["data"]
    assert table("Configuration parameters") == [
        [
            names["raw_days"],
            str(const.DEFAULT_RAW_DAYS),
            f"{const.MIN_RAW_DAYS} to {const.MAX_RAW_DAYS}, or for ever",
        ],
        [
            names["minute_days"],
            str(const.DEFAULT_MINUTE_DAYS),
            f"{const.MIN_MINUTE_DAYS} to {const.MAX_MINUTE_DAYS}, or for ever",
        ],
        [names["assist"], "off", "on or off"],
    ]
    minutes, mode, night = table("Options of a band")
    assert minutes == [
        names["drain_minutes"],
        f"{const.DEFAULT_DRAIN_MINUTES} min",
        f"{const.MIN_DRAIN_MINUTES} to {const.MAX_DRAIN_MINUTES} min",
    ]
    words = ENGLISH["selector"]["live_mode"]["options"]
    assert mode[1:] == [words["never"].lower(), ", ".join(words[one].lower() for one in LIVE_MODES)]
    assert (names["live_mode"], f"{names['night_start']}, {names['night_end']}") == (
        mode[0],
        night[0],
    )
    assert night[1] == f"{const.DEFAULT_NIGHT_START[:5]}, {const.DEFAULT_NIGHT_END[:5]}"
    told = ", ".join(row[0] for row in table("Installation parameters")).split(", ")
    assert sorted(told) == sorted(ENGLISH["config"]["step"]["phone"]["data"].values())


def test_when_data_are_updated() -> None:
    """The waits are those of the code."""
    text = " ".join(section("Data updates").split())
    for words in (
        f"within {const.PUBLISH_SECONDS:g} s",
        f"{const.QUIET_SECONDS:g} s after records stop",
        f"every {const.SWEEP_INTERVAL.total_seconds() / 60:g} minutes",
        f"at {const.BACKSTOP_HOUR:02}:{const.BACKSTOP_MINUTE:02}",
    ):
        assert words in text, words


def test_version_and_links() -> None:
    """The version is the manifest's, and files that are linked to exist."""
    manifest = json.loads((PACKAGE / "manifest.json").read_text())
    assert f"**Where it stands.** Version {manifest['version']} " in README
    needed = json.loads((ROOT / "hacs.json").read_text())["homeassistant"]
    assert f"Home Assistant {needed.removesuffix('.0')} or newer" in README
    for target in re.findall(r'(?:\]\(|src=")(?!https?:)([^)"#]+)', README):
        assert (ROOT / target).exists(), target
    headings = {
        slugify(line, separator="-") for line in re.findall(r"^#+ (.+)$", README, re.MULTILINE)
    }
    for anchor in re.findall(r"\]\(#([^)]+)\)", README):
        assert anchor in headings, anchor


def test_the_icon_has_the_size_that_home_assistant_asks_for() -> None:
    """256 by 256 pixels, as its header says."""
    header = (PACKAGE / "brand" / "icon.png").read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", header[16:24]) == (256, 256)


@pytest.mark.parametrize(
    ("rule", "heading"),
    [
        ("docs-high-level-description", "OpenStrap for Home Assistant"),
        ("docs-installation-instructions", "Installation"),
        ("docs-removal-instructions", "Removal"),
        ("docs-installation-parameters", "Installation parameters"),
        ("docs-configuration-parameters", "Configuration parameters"),
        ("docs-data-update", "Data updates"),
        ("docs-examples", "Examples"),
        ("docs-known-limitations", "Known limitations"),
        ("docs-supported-devices", "Supported devices"),
        ("docs-supported-functions", "Supported functions"),
        ("docs-actions", "Actions"),
        ("docs-troubleshooting", "Troubleshooting"),
        ("docs-use-cases", "Use cases"),
    ],
)
def test_what_the_quality_scale_wants_documented(rule: str, heading: str) -> None:
    """A documentation rule is done exactly when its heading has a text."""
    rules = yaml.safe_load((PACKAGE / "quality_scale.yaml").read_text())["rules"]
    assert rules[rule] == "done"
    assert len(section(heading)) > 100
