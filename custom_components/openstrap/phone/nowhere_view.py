"""What is answered where no route leads: JSON too, for apps read the body of every answer."""

from http import HTTPStatus

from aiohttp import hdrs, web

from .refusal import Refusal
from .view import BASE, PhoneView, refuse


def views() -> tuple[PhoneView, ...]:
    """Make the route."""
    return (NowhereView(),)


class NowhereView(PhoneView):
    """Takes what no other route under the base takes: nothing is there, or not by this method."""

    url = f"{BASE}{{rest:/.*}}"
    name = "api:openstrap:v1:nowhere"

    async def get(self, request: web.Request, rest: str) -> web.Response:
        """Say what is wrong with the address."""
        methods = set[str]()
        for resource in request.app.router.resources():
            if resource.canonical.startswith(f"{BASE}/"):
                methods |= (await resource.resolve(request))[1]
        if not methods:
            return refuse(self, request, Refusal(HTTPStatus.NOT_FOUND, "No such route"))
        answer = refuse(
            self, request, Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "Method not allowed here")
        )
        answer.headers[hdrs.ALLOW] = ",".join(sorted(methods))
        return answer

    head = post = put = patch = delete = get
