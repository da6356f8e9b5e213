"""The routes as docs/openapi.yaml has them, and a request for each that makes sense."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from custom_components.openstrap.phone.view import BASE, PhoneView

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "openapi.yaml"
METHODS: Final = ("get", "post", "patch", "delete")
DAY: Final = "2026-01-15"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    path: str
    method: str
    about: Mapping[str, Any] = field(compare=False)

    def __str__(self) -> str:
        """Name it as people write it, also where a test fails."""
        return f"{self.method.upper()} {self.path}"

    @property
    def is_open(self) -> bool:
        """Whether it needs no token."""
        return self.about.get("security") == []

    @property
    def writes(self) -> bool:
        """Whether it changes something."""
        return self.method != "get"


def document() -> dict[str, Any]:
    """Read the file."""
    read: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    return read


def operations() -> list[Operation]:
    """Give all of them, in the file's order."""
    return [
        Operation(path, method, item[method])
        for path, item in document()["paths"].items()
        for method in METHODS
        if method in item
    ]


def served(http: Any) -> Iterator[tuple[str, str]]:
    """Give the (path, method) of all routes under our base, in their plainest spelling."""
    for route in http.app.router.routes():
        path = route.resource.canonical if route.resource is not None else ""
        if path.startswith(f"{BASE}/") and "//" not in path and not path.endswith("/"):
            yield path.removeprefix(BASE), route.method.lower()
        elif path == BASE:
            yield "/", route.method.lower()


BODIES: Final[Mapping[str, Any]] = {
    "POST /auth/register": {"email": "nobody@example.org"},
    "POST /auth/request-otp": {"email": "nobody@example.org"},
    "POST /auth/verify-otp": {"email": "nobody@example.org", "code": "000000"},
    "POST /auth/refresh": {"refresh_token": "nothing"},
    "POST /consent": {"device_id": "x", "scope": "telemetry", "granted": True},
    "POST /telemetry": {"device_id": "x", "events": []},
    "PATCH /profile": {"height_cm": 170},
    "POST /ingest/batch": {"device_id": "4A0123456", "records": []},
    "POST /ingest/events": {"device_id": "4A0123456", "events": []},
    "POST /journal": {"date": DAY, "tags": ["sauna"], "note": "hot"},
    "POST /workout/start": {"type": "run"},
    "POST /workout/end": {"workout_id": "nothing"},
    "POST /workout/{workout_id}/type": {"type": "walk"},
    "POST /notifications/read": {},
}
"""A body that is well formed, for operations that take one."""


def address(operation: Operation, wearer: str | None = None) -> str:
    """Fill a path in, with the query that it needs."""
    path = operation.path.replace("{metric}", "strain").replace("{workout_id}", "nothing")
    query = {}
    if path.startswith("/day/"):
        query["date"] = DAY
    if wearer is not None:
        query["wearer"] = wearer
    text = "&".join(f"{name}={value}" for name, value in query.items())
    base = BASE if path == "/" else f"{BASE}{path}"
    return f"{base}?{text}" if text else base


__all__ = [
    "BODIES", "DAY", "Operation", "PhoneView", "address", "document", "operations", "served",
]  # fmt: skip
