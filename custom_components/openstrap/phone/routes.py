"""All routes, made known to Home Assistant once: they cannot be removed again."""

from homeassistant.core import HomeAssistant, callback

from . import (
    app_views,
    auth_views,
    day_views,
    ingest_views,
    journal_views,
    noop_views,
    notification_views,
    nowhere_view,
    profile_views,
    read_views,
    upload_views,
    workout_views,
)


@callback
def async_register_views(hass: HomeAssistant) -> None:
    """Register the routes, once for the process."""
    for view in (
        *auth_views.views(),
        *app_views.views(),
        *profile_views.views(),
        *ingest_views.views(),
        *read_views.views(),
        *day_views.views(),
        *upload_views.views(),
        *noop_views.views(),
        *journal_views.views(),
        *workout_views.views(),
        *notification_views.views(),
        *nowhere_view.views(),
    ):
        hass.http.register_view(view)
