"""The engine knows neither loop nor thread: none is made for a test, and none can be left behind.

So three of the test plugin's own fixtures have nothing to do here, which for thousands of tests
is the greater part of their time.
"""

import pytest


@pytest.fixture(autouse=True)
def configure_event_loop() -> None:
    """There is none."""


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """There is none."""


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """There is nothing to clean up."""
