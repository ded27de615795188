"""A certificate authority of a test's own, and a server that it vouches for."""

import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path

from web_peer import WebPeer


def make_authority(
    folder: Path, names: Sequence[str], *, dates: Sequence[str] = ("-days", "30")
) -> None:
    """Write ca.pem and, signed by it, site.pem for these host names, with keys.

    dates: what openssl is told of the time that site.pem is good for.
    """
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=folder)

    openssl("req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA")
    openssl("req", *new, "-keyout", "site.key", "-out", "site.csr", "-subj", "/CN=x")
    listed = ",".join(f"DNS:{name}" for name in names)
    (folder / "names").write_text(f"subjectAltName={listed}\n")
    openssl(
        *("x509", "-req", "-in", "site.csr", "-CA", "ca.pem", "-CAkey", "ca.key"),
        *("-CAcreateserial", "-out", "site.pem", "-extfile", "names", *dates),
    )


def make_expired_authority(folder: Path, names: Sequence[str]) -> None:
    """Write the same, with a site.pem whose time is over."""
    past = ("-not_before", "20200101000000Z", "-not_after", "20200201000000Z")
    try:
        make_authority(folder, names, dates=past)
    except subprocess.CalledProcessError:  # before OpenSSL 3.4
        make_authority(folder, names, dates=("-days", "-1"))


def secure_peer(folder: Path) -> WebPeer:
    """Make a server on loopback that speaks TLS for the names of make_authority."""
    return WebPeer(context=vouched_for(folder))


def vouched_for(folder: Path) -> ssl.SSLContext:
    """Return what a server with site.pem needs."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "site.pem", folder / "site.key")
    return context


def trusting(folder: Path) -> ssl.SSLContext:
    """Trust that authority alone."""
    return ssl.create_default_context(cafile=str(folder / "ca.pem"))
