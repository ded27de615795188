"""The certificate of the readers' host: seen by a handshake, as a browser would judge it."""

import socket
from datetime import timedelta
from pathlib import Path

import pytest
from clock import NOW
from tls_authority import make_authority, make_expired_authority, secure_peer, trusting

from newsletter.doctor.setup import judge_web
from newsletter.fetch.guard import look_at_certificate
from newsletter.model.diagnosis import Area, Certificate, HostProbe, ProbeEnd, State


def looked(folder: Path, host: str = "letters.paper.example") -> HostProbe:
    with secure_peer(folder) as peer:

        def connect(_host: str, _port: int, timeout_s: float) -> socket.socket:
            return socket.create_connection((peer.host, peer.port), timeout_s)

        seen = look_at_certificate(host, 443, connect=connect, trust=trusting(folder), timeout_s=5)
        assert not peer.asked
    return seen


def test_a_good_certificate_is_told_with_its_last_day(tmp_path: Path) -> None:
    make_authority(tmp_path, ["letters.paper.example"])
    seen = looked(tmp_path)
    assert seen.certificate is not None
    assert seen.certificate.names == ("letters.paper.example",)
    until = seen.certificate.until
    told = judge_web(seen, until - timedelta(days=20))
    assert (told.area, told.state) == (Area.WEB, State.WELL)
    assert judge_web(seen, until - timedelta(days=5)).state is State.WARNING


def test_another_hosts_certificate_is_wrong(tmp_path: Path) -> None:
    make_authority(tmp_path, ["elsewhere.example"])
    seen = looked(tmp_path)
    assert "Hostname mismatch" in seen.message
    assert judge_web(seen, NOW).state is State.ERROR


def test_one_whose_time_is_over_is_wrong(tmp_path: Path) -> None:
    make_expired_authority(tmp_path, ["letters.paper.example"])
    assert "expired" in looked(tmp_path).message


def test_one_that_nobody_vouches_for_is_wrong(tmp_path: Path) -> None:
    make_authority(tmp_path, ["letters.paper.example"])
    with secure_peer(tmp_path) as peer:
        seen = look_at_certificate(peer.host, peer.port, timeout_s=5)
    assert seen.end is ProbeEnd.REFUSED


def test_nobody_there_and_no_tls_could_not_be_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert look_at_certificate("127.0.0.1", port, timeout_s=2).end is ProbeEnd.LOST
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        seen = look_at_certificate("127.0.0.1", deaf.getsockname()[1], timeout_s=0.2)
    assert seen.message == "makes no secure connection"
    assert judge_web(seen, NOW).state is State.UNASKED


@pytest.mark.parametrize("days", [0, 13])
def test_a_near_end_is_warned_of(days: int) -> None:
    certificate = Certificate(names=("a.example",), until=NOW + timedelta(days=days))
    probe = HostProbe(host="a.example", port=443, end=ProbeEnd.READY, certificate=certificate)
    assert judge_web(probe, NOW).state is State.WARNING
