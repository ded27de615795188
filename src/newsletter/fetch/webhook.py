"""Posts a notice to the address that the folder's settings name, signed, at most once.

No redirect, no second try here, one time limit for all of it. The address has to be a public one,
save where the settings themselves name this machine, by address and port. What was not surely left
untaken is told apart, so that nobody tells it twice.
"""

import hmac
import socket
import ssl
from dataclasses import dataclass, field
from hashlib import sha256

from newsletter.clock import Clock
from newsletter.config.settings import Secret
from newsletter.config.values import LOOPBACK
from newsletter.fetch import answer
from newsletter.fetch.answer import FetchError
from newsletter.fetch.connection import Connect, exchange, system_connect, system_trust
from newsletter.fetch.fetcher import user_agent
from newsletter.fetch.guard import (
    NOTHING_LOCAL,
    Local,
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


@dataclass(slots=True)
class _Watched:
    """A connect that remembers whether there was a connection, over which something may leave."""

    connect: Connect
    is_open: bool = field(default=False)

    def __call__(self, address: str, port: int, timeout: float) -> socket.socket:
        opened = self.connect(address, port, timeout)
        self.is_open = True
        return opened


def sign(secret: Secret, body: bytes, *, at_s: int) -> str:
    """Return the signature's value: t=SECONDS,v1=HEX.

    HEX is HMAC-SHA-256 (RFC 2104) of the seconds since 1970 as decimal digits, a full stop, and the
    body's bytes. The time is under the signature, so that an old post cannot be played again.
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
        """Post a JSON object once."""
        watched = _Watched(self._connect)
        try:
            address = read_address(self._url)
            return self._exchanged(address, body, notice_id, watched)
        except FetchError as error:
            # a connection that was refused its certificate carried nothing of ours
            left = watched.is_open and error.problem is not FetchProblem.BAD_CERTIFICATE
            return Posted(
                is_taken=False,
                may_be_taken=left,
                may_pass=not left and error.may_pass,
                why=error.message,
            )

    def _exchanged(
        self, address: WebAddress, body: bytes, notice_id: str, watched: _Watched
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
        with exchange(
            address,
            checked_addresses(
                address, resolve=self._resolve, local=_local(address), patience=patience
            ),
            headers,
            connect=watched,
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


def _local(address: WebAddress) -> Local:
    """Return this machine's address and port where the settings name just them."""
    if address.host not in LOOPBACK:
        return NOTHING_LOCAL
    return read_local((f"{address.host}:{address.port}",))
