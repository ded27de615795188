"""The guard, asked over raw sockets: Host, origin, session, headers, methods."""

from itertools import product

import pytest
from case_tables import own_cases
from serving import Served, ask

from newsletter.web.site import HEADERS, PAGE_CSP

NAVIGATION = {"sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}


@pytest.mark.parametrize(
    "host", own_cases(__file__, "another_host_is_answered_421_whatever_is_asked")
)
@pytest.mark.parametrize("path", ["/", "/open?k=x", "/events", "/static/x/studio.css", "/nothing"])
def test_another_host_is_answered_421_whatever_is_asked(
    inbox: Served, host: str, path: str
) -> None:
    answer = inbox.ask(path, host=host.format(port=inbox.port))
    # uvicorn itself refuses a request without Host, which HTTP/1.1 requires (RFC 9112, 3.2)
    assert answer.status == (421 if host else 400)


def test_both_own_names_are_answered(inbox: Served) -> None:
    for name in ("127.0.0.1", "localhost"):
        assert inbox.ask("/", host=f"{name}:{inbox.port}").status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("site", ["", "none", "same-origin", "same-site", "cross-site", "odd"])
@pytest.mark.parametrize("kind", ["navigation", "data", "frame"])
def test_reads_are_for_our_pages_and_for_links_followed(
    inbox: Served, method: str, site: str, kind: str
) -> None:
    headers = {
        "navigation": NAVIGATION,
        "data": {"sec_fetch_mode": "cors", "sec_fetch_dest": "empty"},
        "frame": {"sec_fetch_mode": "navigate", "sec_fetch_dest": "iframe"},
    }[kind]
    answer = inbox.ask("/", method=method, sec_fetch_site=site, **headers)
    is_ours = site in {"", "none", "same-origin"} or kind == "navigation"
    assert answer.status == (200 if is_ours else 403)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_writes_are_ours_only_by_sec_fetch_site_or_else_by_origin(
    inbox: Served, method: str
) -> None:
    own = inbox.url
    origins = ("", own, "null", "http://127.0.0.1:1", f"{own}.evil.example", "https://evil.example")
    sites = ("", "none", "same-origin", "same-site", "cross-site")
    for origin, site in product(origins, sites):
        is_ours = site == "same-origin" if site else origin == own
        answer = inbox.ask("/", method=method, origin=origin, sec_fetch_site=site)
        # nothing of these sites takes a write, so what passes the guard is answered 405
        assert answer.status == (405 if is_ours else 403), (origin, site)


@pytest.mark.parametrize("cookie", ["", "studio_{port}=x", "studio_1={value}", "other={value}"])
def test_without_its_session_a_browser_is_told_of_the_link(inbox: Served, cookie: str) -> None:
    value = inbox.cookie.split("=")[1]
    for path in ("/", "/inbox/x.eml", "/events", "/nothing"):
        answer = ask(inbox.port, path, cookie=cookie.format(port=inbox.port, value=value))
        assert answer.status == 401
        assert "Open the link in the terminal" in answer.text


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 200),
        ("/", {"cookie": ""}, 401),
        ("/", {"host": "evil.example"}, 421),
        ("/", {"sec_fetch_site": "cross-site"}, 403),
        ("/nothing", {}, 404),
        ("/open?k=x", {}, 410),
        ("/inbox/none.eml", {}, 404),
        ("/inbox/none.eml/raw", {}, 404),
        ("/events", {"sec_fetch_dest": "image"}, 406),
        ("/static/x/live.js", {}, 404),
    ],
)
def test_every_answer_carries_the_headers(
    inbox: Served, path: str, headers: dict[str, str], status: int
) -> None:
    answer = ask(inbox.port, path, **{"cookie": inbox.cookie, **headers})
    assert answer.status == status
    assert answer.headers["content-security-policy"] == PAGE_CSP
    for name, value in HEADERS.items():
        assert answer.headers[name.lower()] == value
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert "server" not in answer.headers
