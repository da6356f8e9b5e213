"""All routes, made known to Home Assistant once: they cannot be removed again."""

from homeassistant.core import HomeAssistant, callback

from . import ingest_views


@callback
def async_register_views(hass: HomeAssistant) -> None:
    """Register the routes, once for the process."""
    for view in (*ingest_views.views(),):
        hass.http.register_view(view)
