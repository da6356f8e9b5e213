"""Names and numbers that more than one room of the integration needs."""

from datetime import timedelta
from typing import Final

DOMAIN: Final = "openstrap"

# What an entry remembers (facts) ...
CONF_KIND: Final = "kind"
CONF_USERS: Final = "users"  # ids of the HA users who may read the wearer and push to it
CONF_DEVICES: Final = "devices"  # device ids of phones that this wearer has claimed
CONF_ADDRESS: Final = "address"  # of the band; an entry without one has no link
CONF_SERIAL: Final = "serial"  # of the band, once it was told
CONF_SLUG: Final = "slug"  # what its statistics are known by, whatever it is called now
CONF_WEARER: Final = "wearer"  # what entities are known by, where the unique id has changed
# ... and what its owner prefers.
CONF_BIRTH_YEAR: Final = "birth_year"
CONF_SEX: Final = "sex"
CONF_HEIGHT_CM: Final = "height_cm"
CONF_WEIGHT_KG: Final = "weight_kg"
CONF_HR_MAX_BPM: Final = "hr_max_bpm"
CONF_SLEEP_NEED_MIN: Final = "sleep_need_min"  # of a night; without it the need is learnt
CONF_STEP_GOAL: Final = "step_goal"  # steps a day
CONF_RAW_DAYS: Final = "raw_days"
CONF_MINUTE_DAYS: Final = "minute_days"
CONF_KEEP_RAW: Final = "keep_raw"
CONF_KEEP_MINUTES: Final = "keep_minutes"
CONF_DRAIN_MINUTES: Final = "drain_minutes"
CONF_LIVE_MODE: Final = "live_mode"
CONF_NIGHT_START: Final = "night_start"
CONF_NIGHT_END: Final = "night_end"
CONF_ASSIST: Final = "assist"  # whether conversations may ask for the wearer

PROFILE_FIELDS: Final = (
    CONF_BIRTH_YEAR,
    CONF_SEX,
    CONF_HEIGHT_CM,
    CONF_WEIGHT_KG,
    CONF_HR_MAX_BPM,
)

KIND_BAND: Final = "band"
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

# Time between two drains of a band that is near (min).
DEFAULT_DRAIN_MINUTES: Final = 5
MIN_DRAIN_MINUTES: Final = 1
MAX_DRAIN_MINUTES: Final = 60
# When live mode "at night" holds the link, local time.
DEFAULT_NIGHT_START: Final = "22:00:00"
DEFAULT_NIGHT_END: Final = "08:00:00"

# When the analysis runs.
SWEEP_INTERVAL: Final = timedelta(minutes=30)
QUIET_SECONDS: Final = 30.0  # after the last frame came in
BACKSTOP_HOUR: Final = 3  # local time
BACKSTOP_MINUTE: Final = 30

# The recorder keeps every state: a live band would write one a second.
PUBLISH_SECONDS: Final = 5.0

# No device class fits; every health integration of Home Assistant writes the unit so.
BPM: Final = "bpm"

# A phone sends at most 300 records at a time unless it has a backlog, so this is
# a whole post of rubbish and more.
REJECTED_IN_A_ROW: Final = 300

ISSUE_TOO_NEW: Final = "database_too_new"
ISSUE_DAMAGED: Final = "database_damaged"
ISSUE_REJECTED: Final = "many_rejected"
ISSUE_PHONE_REUSED: Final = "phone_token_reused"

# What is wrong between Home Assistant and a band.
ISSUE_BOND: Final = "strap_bond_refused"
ISSUE_KEYS: Final = "strap_keys_lost"
ISSUE_PAIRING: Final = "strap_cannot_pair"
ISSUE_NO_PATH: Final = "strap_no_path"
ISSUE_NO_SLOT: Final = "strap_no_slot"
ISSUE_OTHER: Final = "strap_other"
ISSUE_CLOCK_AHEAD: Final = "strap_clock_ahead"
ISSUE_CLOCK_LOST: Final = "strap_clock_lost"
ISSUE_RADIO: Final = "strap_radio"
ISSUE_NO_DATA: Final = "strap_no_data"
ISSUE_FIRMWARE: Final = "strap_firmware"
ISSUE_UNKNOWN: Final = "strap_unknown_records"
STRAP_ISSUES: Final = (
    ISSUE_BOND,
    ISSUE_KEYS,
    ISSUE_PAIRING,
    ISSUE_NO_PATH,
    ISSUE_NO_SLOT,
    ISSUE_OTHER,
    ISSUE_CLOCK_AHEAD,
    ISSUE_CLOCK_LOST,
    ISSUE_RADIO,
    ISSUE_NO_DATA,
    ISSUE_FIRMWARE,
    ISSUE_UNKNOWN,
)
