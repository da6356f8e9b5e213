"""The day on which a phone reads, and what it asks with."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from ..stored_days import local
from .both_sides import TODAY

YESTERDAY = TODAY - timedelta(days=1)
RUN = (local(YESTERDAY, 17, 30), local(YESTERDAY, 18))

type Get = Callable[..., Awaitable[Any]]
type Keep = Callable[..., Awaitable[None]]
