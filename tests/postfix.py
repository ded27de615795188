"""A Postfix of our own: Debian's programs unpacked in .services, run from a folder of a test.

It listens on two free ports of loopback and hands everything to one server. Nothing of the
machine's mail is read or touched. Postfix's master runs as root alone (it drops the rights of its
parts), so a user who is not root needs `sudo` that asks nothing.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Self

import pytest
from independent import SERVICES, service

_OWNER, _GROUP = "daemon", "mail"  # every Debian has them; the package would make its own
_DEADLINE_S = 30.0
_QUEUES = (
    "active bounce corrupt defer deferred flush hold incoming maildrop pid private public saved"
    " trace"
)
# Started as root, ended by the end of standard input: a signal would not reach through sudo.
_KEEPER = f"""
set -eu
folder=$1 libraries=$2
exec 2> "$folder/errors"
cd "$folder"
mkdir data queue
(cd queue && mkdir {_QUEUES} && chmod 730 maildrop && chmod 710 public)
chown -R {_OWNER} data queue/[a-o]* queue/p[r-z]* queue/[q-z]*
chgrp {_GROUP} queue/maildrop queue/public
trap 'rm -rf data queue' EXIT
LD_LIBRARY_PATH=$libraries "$3/master" -c "$folder/etc" &
master=$!
cat > /dev/null
kill $master && wait $master || true
"""
# Defaults wherever nothing forces another value: what is proven is what a newsroom's relay does.
_MAIN = """\
compatibility_level = 3.10
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {programs}
command_directory = {services}/usr/sbin
meta_directory = {services}/etc/postfix
shlib_directory = {services}/usr/lib/postfix
import_environment = MAIL_CONFIG LD_LIBRARY_PATH
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
mail_owner = {owner}
setgid_group = {group}
myhostname = relay.example
mydestination =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{sink}
smtp_dns_support_level = disabled
smtpd_peername_lookup = no
smtp_tls_security_level =
smtpd_tls_security_level =
default_process_limit = 4
"""
_SERVICES = """\
127.0.0.1:{plain} inet n - n - - smtpd
127.0.0.1:{strict} inet n - n - - smtpd
  -o smtputf8_enable=no -o cleanup_service_name=strict
cleanup unix n - n - 0 cleanup
strict unix n - n - 0 cleanup
  -o smtputf8_enable=no -o strict_7bit_headers=yes -o strict_8bitmime_body=yes
  -o strict_mime_encoding_domain=yes
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Running from `with` on; plain and strict are its ports.

    plain has Postfix's defaults. strict knows no SMTPUTF8 and refuses what is not MIME to the
    letter: an byte above 127 in a header, one in a body that is announced otherwise, a wrong
    transfer encoding.
    """

    def __init__(self, sink: int) -> None:
        self._sink = sink
        self.plain, self.strict = _free_ports()

    def __enter__(self) -> Self:
        programs = service("usr/lib/postfix/sbin")
        root = _as_root()
        self._folder = folder = Path(tempfile.mkdtemp(prefix="newsletter-postfix-"))
        folder.chmod(0o755)  # its parts run as other users
        (folder / "etc").mkdir()
        values = {
            "folder": folder,
            "programs": programs,
            "services": SERVICES,
            "owner": _OWNER,
            "group": _GROUP,
            "sink": self._sink,
            "plain": self.plain,
            "strict": self.strict,
        }
        (folder / "etc/main.cf").write_text(_MAIN.format(**values))
        (folder / "etc/master.cf").write_text(_SERVICES.format(**values))
        (folder / "keeper").write_text(_KEEPER)
        libraries = [SERVICES / "usr/lib/postfix", *SERVICES.glob("usr/lib/*-linux-gnu*")]
        self._keeper = subprocess.Popen(
            [
                *root,
                "sh",
                str(folder / "keeper"),
                str(folder),
                ":".join(map(str, libraries)),
                str(programs),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )
        try:
            for port in (self.plain, self.strict):
                self._wait_for(port)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        self._keeper.communicate(timeout=_DEADLINE_S)
        shutil.rmtree(self._folder, ignore_errors=True)

    def log(self) -> str:
        """What it wrote down, for the text of a failure."""
        kept = [self._folder / "errors", self._folder / "mail.log"]
        return "\n".join(file.read_text("utf-8", "replace") for file in kept if file.exists())

    def _wait_for(self, port: int) -> None:
        pause = threading.Event()
        for _ in range(int(_DEADLINE_S / 0.05)):
            with socket.socket() as peer:
                if peer.connect_ex(("127.0.0.1", port)) == 0:
                    return
            if self._keeper.poll() is not None:
                break
            pause.wait(0.05)
        pytest.fail(f"Postfix did not begin to listen:\n{self.log()}")


def _as_root() -> list[str]:
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    asked = sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)
    if not sudo or not asked or asked.returncode != 0:
        pytest.fail("Postfix's master starts as root alone; run this as root, or with sudo -n")
    return [sudo, "-n"]


def _free_ports() -> tuple[int, int]:
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as two,
    ):
        return one.getsockname()[1], two.getsockname()[1]
