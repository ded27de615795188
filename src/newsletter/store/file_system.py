"""Which file system a path is on: SQLite's write-ahead log and flock want one machine (F61)."""

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
# Types as mountinfo tells them (proc_pid_mountinfo(5)); a share of a virtual machine's own host
# (9p, virtiofs, vboxsf) is not among them: it may be used by one machine alone.
_NETWORK = frozenset(
    {
        *("afs", "beegfs", "ceph", "cifs", "coda", "davfs", "glusterfs", "gfs2", "gpfs", "lustre"),
        *("ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "pvfs2", "smb3", "smbfs"),
    }
)
_FUSE = re.compile(
    r"fuse\.(?:sshfs|glusterfs|ceph|s3fs|rclone|davfs2?|gcsfuse|goofys|juicefs|smbnetfs|curlftpfs"
    r"|moosefs|mfs\w*|seaweedfs|beegfs|cifs|nfs|lizardfs)(?:\W.*)?"
)
_ESCAPE = re.compile(r"\\([0-7]{3})")


def network_file_system(path: Path, mounts: Path = MOUNTS) -> str:
    """Give the type of the network file system a path is on; "" where it is on none, or unknown."""
    try:
        table = mounts.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:  # no Linux, or no /proc: it cannot be told
        return ""
    kind = type_at(path.resolve(), table)
    return kind if kind in _NETWORK or _FUSE.fullmatch(kind) else ""


def type_at(path: Path, table: str) -> str:
    """Return the type of the file system an absolute path is on, by the text of mountinfo."""
    found, depth = "", -1
    for line in table.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split(" ")
        if not dash or len(fields) < 5:  # noqa: PLR2004 (the mount point is the fifth)
            continue
        point = Path(_ESCAPE.sub(lambda code: chr(int(code[1], 8)), fields[4]))
        # what is mounted later on the same point hides what was there before
        if path.is_relative_to(point) and len(point.parts) >= depth:
            found, depth = after.split(" ", 1)[0], len(point.parts)
    return found
