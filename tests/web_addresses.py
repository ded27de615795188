"""Addresses that must be connected to, addresses that must not, and the DNS they live in."""

import tomllib
from pathlib import Path

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
NAMES: dict[str, list[str]] = _DATA["names"]
GOOD: list[str] = _DATA["good"]
BAD = [
    *(f"http://{place}/" for place in _DATA["loopback"]),
    *(f"https://{place}/feed" for place in _DATA["places"]),
    "http://localhost:443/",
    "http://127.0.0.1:443/",
    "http://[::1]:80/",
    "http://127.0.0.1:8099/",
    *_DATA["no_addresses"],
    "http://news.example.org/\ud800",  # no TOML can hold it
    "http://" + "a" * 64 + ".example.org/",
    "http://" + "a." * 130 + "org/",
    "http://news.example.org/" + "a" * 8_000,
]
