"""The quality scale: every rule is answered, in the order of the scale, with its reason."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from .reading import Unreadable, read_yaml

RULES: Final[Mapping[str, tuple[str, ...]]] = {
    "bronze": (
        "action-setup",
        "appropriate-polling",
        "brands",
        "common-modules",
        "config-flow-test-coverage",
        "config-flow",
        "dependency-transparency",
        "docs-actions",
        "docs-conditions",
        "docs-high-level-description",
        "docs-installation-instructions",
        "docs-removal-instructions",
        "docs-triggers",
        "entity-event-setup",
        "entity-unique-id",
        "has-entity-name",
        "runtime-data",
        "test-before-configure",
        "test-before-setup",
        "unique-config-entry",
    ),
    "silver": (
        "action-exceptions",
        "config-entry-unloading",
        "docs-configuration-parameters",
        "docs-installation-parameters",
        "entity-unavailable",
        "integration-owner",
        "log-when-unavailable",
        "parallel-updates",
        "reauthentication-flow",
        "test-coverage",
    ),
    "gold": (
        "devices",
        "diagnostics",
        "discovery-update-info",
        "discovery",
        "docs-data-update",
        "docs-examples",
        "docs-known-limitations",
        "docs-supported-devices",
        "docs-supported-functions",
        "docs-troubleshooting",
        "docs-use-cases",
        "dynamic-devices",
        "entity-category",
        "entity-device-class",
        "entity-disabled-by-default",
        "entity-translations",
        "exception-translations",
        "icon-translations",
        "reconfiguration-flow",
        "repair-issues",
        "stale-devices",
    ),
    "platinum": ("async-dependency", "inject-websession", "strict-typing"),
}


def check(_root: Path, package: Path) -> Iterator[str]:
    """Give the rules that are not answered, or not as an answer looks."""
    try:
        found = read_yaml(package / "quality_scale.yaml").get("rules")
    except Unreadable as err:
        yield str(err)
        return
    answers = found if isinstance(found, dict) else {}
    wanted = [rule for rules in RULES.values() for rule in rules]
    yield from (f"quality_scale.yaml: {rule} is missing" for rule in wanted if rule not in answers)
    yield from (f"quality_scale.yaml: {rule} is no rule" for rule in answers if rule not in wanted)
    for rule, answer in answers.items():
        if isinstance(answer, dict):
            good = (
                answer.keys() == {"status", "comment"}
                and answer["status"] in {"exempt", "todo", "done"}
                and bool(str(answer["comment"] or "").strip())
            )
        else:
            good = answer in {"done", "todo"}
        if not good:
            yield f"quality_scale.yaml: {rule} is done, todo, or exempt with a comment"
