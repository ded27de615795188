"""/healthz and /readyz: whether `run` is alive, and whether it could send. Nothing is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from newsletter.model.diagnosis import PartHealth

WELL = 200
UNWELL = 503  # service unavailable, RFC 9110 section 15.6.4
Ask = Callable[[], Sequence[PartHealth]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What is asked: alive for /healthz, a restart may mend it; ready for /readyz, a person may."""

    alive: Ask
    ready: Ask


def health_routes(health: Health) -> tuple[Route, ...]:
    """Return the two routes."""
    return (_route("/healthz", health.alive), _route("/readyz", health.ready))


def _route(path: str, ask: Ask) -> Route:
    def answer(request: Request) -> Response:
        del request
        parts = ask()
        is_well = all(part.is_well for part in parts)
        return JSONResponse(
            {
                "well": is_well,
                "parts": [
                    {"name": part.name, "well": part.is_well, "words": part.words} for part in parts
                ],
            },
            status_code=WELL if is_well else UNWELL,
            headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
        )

    return Route(path, answer)
