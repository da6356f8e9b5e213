"""Requests that are not served, and the words in which that is said."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final


class Refusal(Exception):
    """A request that is not served: the status, the text and what else to tell."""

    def __init__(
        self,
        status: HTTPStatus,
        error: str,
        *,
        reason: str | None = None,
        retry_after: int | None = None,
        beside: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep what the answer needs: `retry_after` in seconds, `beside` what else is in its body."""
        super().__init__(error)
        self.status = status
        self.error = error
        self.reason = reason
        self.retry_after = retry_after
        self.beside = beside or {}


INVALID: Final = "Invalid payload"
UNEXPECTED: Final = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Unexpected error",
    reason="see the log of Home Assistant; keep the data and try again",
    retry_after=60,
)


def invalid(reason: str, error: str = INVALID) -> Refusal:
    """Refuse a body that has not the agreed shape, or a question that makes no sense."""
    return Refusal(HTTPStatus.BAD_REQUEST, error, reason=reason)


def not_found(error: str, reason: str | None = None) -> Refusal:
    """Refuse what is asked of something that is not there, or is somebody else's."""
    return Refusal(HTTPStatus.NOT_FOUND, error, reason=reason)
