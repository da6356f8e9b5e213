"""The dashboard of the docs, put into a running Home Assistant."""

from typing import Any, Final

import yaml

from . import ROOT
from .home_assistant_client import Client

DASHBOARD: Final = ROOT / "docs" / "dashboard.yaml"
URL_PATH: Final = "openstrap-demo"


def dashboard() -> dict[str, Any]:
    """Read it, as it stands in the docs."""
    read: dict[str, Any] = yaml.safe_load(DASHBOARD.read_text())
    return read


async def put_dashboard(client: Client) -> None:
    """Make a dashboard of it, as a user does by pasting it."""
    await client.command(
        "lovelace/dashboards/create",
        url_path=URL_PATH,
        title="OpenStrap",
        require_admin=False,
        show_in_sidebar=True,
        mode="storage",
    )
    await client.command("lovelace/config/save", url_path=URL_PATH, config=dashboard())
