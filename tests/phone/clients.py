"""How tests reach the routes: a client of a real Home Assistant over real HTTP."""

from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient

BASE = "/api/openstrap/v1"

type Client = TestClient[web.Request, web.Application]
type Clients = Callable[..., Coroutine[Any, Any, Client]]
