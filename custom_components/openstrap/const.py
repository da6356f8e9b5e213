"""Names and numbers that more than one room of the integration needs."""

from datetime import timedelta
from typing import Final

DOMAIN: Final = "openstrap"

# What an entry remembers (facts) ...
CONF_KIND: Final = "kind"
CONF_USERS: Final = "users"  # ids of the HA users who may read the wearer and push to it
CONF_DEVICES: Final = "devices"  # device ids of phones that this wearer has claimed
# ... and what its owner prefers.
CONF_BIRTH_YEAR: Final = "birth_year"
CONF_SEX: Final = "sex"
CONF_HEIGHT_CM: Final = "height_cm"
CONF_WEIGHT_KG: Final = "weight_kg"
CONF_HR_MAX_BPM: Final = "hr_max_bpm"
CONF_RAW_DAYS: Final = "raw_days"
CONF_MINUTE_DAYS: Final = "minute_days"
CONF_KEEP_RAW: Final = "keep_raw"
CONF_KEEP_MINUTES: Final = "keep_minutes"

PROFILE_FIELDS: Final = (
    CONF_BIRTH_YEAR,
    CONF_SEX,
    CONF_HEIGHT_CM,
    CONF_WEIGHT_KG,
    CONF_HR_MAX_BPM,
)

KIND_PHONE: Final = "phone"
KIND_DEMO: Final = "demo"
DEMO_UNIQUE_ID: Final = "demo"

# Retention (days). A night begins at noon of the day before and may be analysed
# again until it is final, so raw frames of fewer than three days are no use.
DEFAULT_RAW_DAYS: Final = 14
MIN_RAW_DAYS: Final = 3
MAX_RAW_DAYS: Final = 365
DEFAULT_MINUTE_DAYS: Final = 10
MIN_MINUTE_DAYS: Final = 10
MAX_MINUTE_DAYS: Final = 3650

# When the analysis runs.
SWEEP_INTERVAL: Final = timedelta(minutes=30)
QUIET_SECONDS: Final = 30.0  # after the last frame came in
BACKSTOP_HOUR: Final = 3  # local time
BACKSTOP_MINUTE: Final = 30

# The recorder keeps every state: a live band would write one a second.
PUBLISH_SECONDS: Final = 5.0

# A phone sends at most 300 records at a time unless it has a backlog, so this is
# a whole post of rubbish and more.
REJECTED_IN_A_ROW: Final = 300

ISSUE_TOO_NEW: Final = "database_too_new"
ISSUE_DAMAGED: Final = "database_damaged"
ISSUE_REJECTED: Final = "many_rejected"
