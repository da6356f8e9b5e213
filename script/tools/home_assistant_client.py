"""Talking to a running Home Assistant as a person, an app or a browser would."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
import time
from types import TracebackType
from typing import Any, Final, Self

import aiohttp

ADMINS: Final = "system-admin"
USERS: Final = "system-users"
IDLE_S: Final = 20.0
"""Home Assistant asks every 55 s whether a websocket still answers."""


class ApiError(RuntimeError):
    """Home Assistant refused a request."""


@dataclass(frozen=True, slots=True)
class Login:
    """Tokens of one signed-in user."""

    access_token: str
    refresh_token: str


async def until[T](
    ask: Callable[[], Awaitable[T | None]], timeout: float = 60, pause: float = 0.2
) -> T:
    """Ask again until the answer is not None; TimeoutError names what was asked."""
    try:
        async with asyncio.timeout(timeout):
            while (answer := await ask()) is None:
                await asyncio.sleep(pause)
            return answer
    except TimeoutError as err:
        raise TimeoutError(f"gave up on {ask.__qualname__} after {timeout:.0f} s") from err


class Client:
    """One user of one Home Assistant: HTTP and, on first use, the websocket."""

    def __init__(self, url: str, http: aiohttp.ClientSession, token: str = "") -> None:
        """Take the URL, a session to borrow and the user's token."""
        self.url = url
        self.token = token
        self._http = http
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._last_id = 0
        self._used_at = 0.0
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Give itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the websocket."""
        await self.close()

    async def close(self) -> None:
        """Close the websocket; HTTP goes on working."""
        socket, self._socket = self._socket, None
        if socket is not None:
            await socket.close()

    # --- HTTP -----------------------------------------------------------------

    async def request(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **body: Any
    ) -> tuple[int, Any, dict[str, str]]:
        """Status, body (parsed when it is JSON) and headers, whatever the status."""
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self._http.request(
            method, self.url + path, headers=own | (headers or {}), **body
        ) as reply:
            is_json = reply.content_type == "application/json"
            answer = await reply.json() if is_json else await reply.text()
            return reply.status, answer, dict(reply.headers)

    async def get(self, path: str) -> Any:
        """Return the answer to a GET; ApiError unless it is a success."""
        return self._checked(path, *(await self.request("GET", path))[:2])

    async def post(self, path: str, **body: Any) -> Any:
        """Return the answer to a POST; ApiError unless it is a success."""
        return self._checked(path, *(await self.request("POST", path, **body))[:2])

    async def delete(self, path: str) -> Any:
        """Return the answer to a DELETE; ApiError unless it is a success."""
        return self._checked(path, *(await self.request("DELETE", path))[:2])

    @staticmethod
    def _checked(path: str, status: int, answer: Any) -> Any:
        if status >= 400:
            raise ApiError(f"{path}: {status} {answer}")
        return answer

    # --- websocket ------------------------------------------------------------

    async def command(self, kind: str, **message: Any) -> Any:
        """Return the result of one websocket command; ApiError when it was refused."""
        async with self._turn:
            socket = await self._open_socket()
            self._last_id += 1
            await socket.send_json({"id": self._last_id, "type": kind, **message})
            while (answer := await socket.receive_json(timeout=60)).get("id") != self._last_id:
                pass
        if not answer["success"]:
            raise ApiError(f"{kind}: {answer['error']}")
        return answer["result"]

    async def _open_socket(self) -> aiohttp.ClientWebSocketResponse:
        if self._socket is not None and time.monotonic() - self._used_at > IDLE_S:
            # Nobody answered its pings meanwhile, so it may be dead and not know it.
            await self.close()
        self._used_at = time.monotonic()
        if self._socket is None or self._socket.closed:
            socket = await self._http.ws_connect(self.url + "/api/websocket", max_msg_size=0)
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self.token})
            if (answer := await socket.receive_json())["type"] != "auth_ok":
                await socket.close()
                raise ApiError(f"websocket: {answer}")
            self._socket, self._last_id = socket, 0
        return self._socket

    # --- users ----------------------------------------------------------------

    async def is_new(self) -> bool:
        """Whether nobody has an account yet."""
        status, steps, _ = await self.request("GET", "/api/onboarding")
        # Once all steps are done the address is gone from the next start on.
        return status == 200 and any(step["step"] == "user" and not step["done"] for step in steps)

    async def onboard(self, name: str, username: str, password: str) -> Login:
        """Make the first user, an admin, and be that user."""
        answer = await self.post(
            "/api/onboarding/users",
            json={
                "client_id": f"{self.url}/",
                "name": name,
                "username": username,
                "password": password,
                "language": "en",
            },
        )
        return await self._use_code(answer["auth_code"])

    async def sign_in(self, username: str, password: str) -> Login:
        """Be a user that exists."""
        client = {"client_id": f"{self.url}/"}
        flow = await self.post(
            "/auth/login_flow",
            json=client | {"handler": ["homeassistant", None], "redirect_uri": f"{self.url}/"},
        )
        done = await self.post(
            f"/auth/login_flow/{flow['flow_id']}",
            json=client | {"username": username, "password": password},
        )
        if done["type"] != "create_entry":
            raise ApiError(f"signing in as {username}: {done.get('errors')}")
        return await self._use_code(done["result"])

    async def _use_code(self, code: str) -> Login:
        form = {"client_id": f"{self.url}/", "grant_type": "authorization_code", "code": code}
        answer = await self.post("/auth/token", data=form)
        await self.close()
        self.token = answer["access_token"]
        return Login(answer["access_token"], answer["refresh_token"])

    async def user_id(self) -> str:
        """Id of the user this client is."""
        return str((await self.command("auth/current_user"))["id"])

    async def long_lived_token(self, name: str, days: int = 365) -> str:
        """Make a token such as an app would be given."""
        token = await self.command("auth/long_lived_access_token", client_name=name, lifespan=days)
        return str(token)

    async def add_user(self, username: str, password: str, group: str = USERS) -> Client:
        """Make another user (this one must be an admin) and sign in as them."""
        made = await self.command("config/auth/create", name=username, group_ids=[group])
        await self.command(
            "config/auth_provider/homeassistant/create",
            user_id=made["user"]["id"],
            username=username,
            password=password,
        )
        other = Client(self.url, self._http)
        await other.sign_in(username, password)
        return other

    def as_user(self, token: str) -> Client:
        """Be somebody else, over the same connection."""
        return Client(self.url, self._http, token)

    # --- Home Assistant's own things ------------------------------------------

    async def wait_until_running(self) -> None:
        """Return when every integration had its turn to start."""

        async def running() -> bool | None:
            return True if (await self.command("get_config"))["state"] == "RUNNING" else None

        await until(running)

    async def add_entry(self, handler: str, *answers: dict[str, Any]) -> dict[str, Any]:
        """Walk a config flow: each answer goes to the step that is shown; the new entry.

        An answer ``{"next_step_id": …}`` chooses from a menu. ApiError when the flow
        shows an error, aborts, or wants more answers than were given.
        """
        step = await self.post("/api/config/config_entries/flow", json={"handler": handler})
        return await self._walk(step, answers)

    async def _walk(
        self, step: dict[str, Any], answers: Iterable[dict[str, Any]]
    ) -> dict[str, Any]:
        handler = step["handler"]
        for answer in answers:
            path = f"/api/config/config_entries/flow/{step['flow_id']}"
            step = await self.post(path, json=answer)
            if step.get("errors"):
                raise ApiError(f"{handler}: {step['step_id']} says {step['errors']}")
        if step["type"] != "create_entry":
            raise ApiError(f"{handler}: ended at {step.get('step_id') or step.get('reason')}")
        return dict(step["result"])

    async def discovered(self, handler: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait until as many devices of an integration are shown as discovered; their flows."""

        async def shown() -> list[dict[str, Any]] | None:
            flows = await self.command("config_entries/flow/progress")
            found = [flow for flow in flows if flow["handler"] == handler]
            return found if len(found) >= count else None

        return await until(shown)

    async def go_on(self, flow_id: str, *answers: dict[str, Any]) -> dict[str, Any]:
        """Walk on a flow that was discovered, as ``add_entry`` does; the new entry."""
        path = f"/api/config/config_entries/flow/{flow_id}"
        return await self._walk(await self.get(path), answers)

    async def entries(self, domain: str) -> list[dict[str, Any]]:
        """Config entries of an integration."""
        return list(await self.command("config_entries/get", domain=domain))

    async def entity_ids(self, entry_id: str) -> dict[str, str]:
        """Map translation keys to entity ids for the enabled entities of a config entry."""
        rows = await self.command("config/entity_registry/list")
        return {
            row["translation_key"]: row["entity_id"]
            for row in rows
            if row["config_entry_id"] == entry_id and row["disabled_by"] is None
        }

    async def device_id(self, entry_id: str) -> str:
        """Find the first device of a config entry."""
        rows = await self.command("config/device_registry/list")
        return next(str(row["id"]) for row in rows if entry_id in row["config_entries"])

    async def state(self, entity_id: str) -> dict[str, Any] | None:
        """State and attributes, None when there is no such entity."""
        status, answer, _ = await self.request("GET", f"/api/states/{entity_id}")
        return answer if status == 200 else None
