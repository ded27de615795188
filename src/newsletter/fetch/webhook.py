"""Posts a notice to the address that the folder's settings name, signed, at most once.

No redirect, no second try, one time limit for all of it. The address has to be a public one, save
where the settings name this machine, by address and port.
"""

import hmac
import socket
import ssl
from hashlib import sha256

from newsletter.clock import Clock
from newsletter.config.settings import Secret
from newsletter.config.values import LOOPBACK
from newsletter.fetch import answer
from newsletter.fetch.answer import FetchError
from newsletter.fetch.connection import Connect, exchange, system_connect, system_trust
from newsletter.fetch.fetcher import user_agent
from newsletter.fetch.guard import (
    Resolve,
    checked_addresses,
    read_local,
    system_resolve,
)
from newsletter.fetch.politeness import Limits, Patience
from newsletter.fetch.web_address import WebAddress, read_address
from newsletter.model.notice import Posted
from newsletter.model.source import FetchProblem

SIGNATURE = "Newsletter-Signature"
NOTICE_ID = "Newsletter-Notice"
LIMITS = Limits(connect_s=5.0, read_s=10.0, total_s=15.0)
AGAIN = frozenset({408, 425, 429})  # and server errors; any other refusal stays one
SERVER_ERRORS = 500  # and above: RFC 9110 section 15.6


def sign(secret: Secret, body: bytes, *, at_s: int) -> str:
    """Return the signature's value, t=SECONDS,v1=HEX.

    HEX is HMAC-SHA-256 of the seconds since 1970 in decimal digits, a full stop, and the body.
    """
    signed = b"%d.%s" % (at_s, body)
    return f"t={at_s},v1={hmac.new(secret.value.encode(), signed, sha256).hexdigest()}"


class WebhookClient:
    """One address that takes notices."""

    def __init__(
        self,
        url: str,
        secret: Secret | None,
        *,
        clock: Clock,
        resolve: Resolve = system_resolve,
        connect: Connect = system_connect,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._url = url
        self._secret = secret
        self._clock = clock
        self._resolve = resolve
        self._connect = connect
        self._trust = trust

    def post(self, body: bytes, *, notice_id: str) -> Posted:
        """Post a JSON object once. may_be_taken: it may have reached the server."""
        opened: list[str] = []  # over a connection something may leave

        def connect(address: str, port: int, timeout: float) -> socket.socket:
            connected = self._connect(address, port, timeout)
            opened.append(address)
            return connected

        try:
            return self._exchanged(read_address(self._url), body, notice_id, connect)
        except FetchError as error:
            # a connection that was refused its certificate carried nothing of ours
            left = bool(opened) and error.problem is not FetchProblem.BAD_CERTIFICATE
            return Posted(
                is_taken=False,
                may_be_taken=left,
                may_pass=not left and error.may_pass,
                why=error.message,
            )

    def _exchanged(
        self, address: WebAddress, body: bytes, notice_id: str, connect: Connect
    ) -> Posted:
        patience = Patience(self._clock, LIMITS, who=address.authority)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": user_agent(),
            "Accept-Encoding": "identity",
            "Connection": "close",
            NOTICE_ID: notice_id,
        }
        if self._secret is not None:
            at_s = int(self._clock.now().timestamp())
            headers[SIGNATURE] = sign(self._secret, body, at_s=at_s)
        own = (f"{address.host}:{address.port}",) if address.host in LOOPBACK else ()
        checked = checked_addresses(
            address, resolve=self._resolve, local=read_local(own), patience=patience
        )
        with exchange(
            address,
            checked,
            headers,
            connect=connect,
            trust=self._trust or system_trust(),
            patience=patience,
            method="POST",
            body=body,
        ) as response:
            status = response.status  # what else it says is nobody's business
        if status in answer.OK:
            return Posted(is_taken=True)
        return Posted(
            is_taken=False,
            may_pass=status in AGAIN or status >= SERVER_ERRORS,
            why=f"{address.authority} answered {status}",
        )
