"""Which file system a path is on, by the text of mountinfo."""

from pathlib import Path

import pytest

from newsletter.store.backup import network_file_system, type_at

TABLE = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:35 / /srv rw - nfs4 files.example:/srv rw,vers=4.2
41 40 8:2 / /srv/local rw - xfs /dev/sdb1 rw
42 22 0:40 / /home/ada/my\\040share rw - cifs //files.example/ada rw
43 22 0:41 / /mnt/a rw - fuse.sshfs ada@files.example:/ rw
44 22 0:42 / /mnt/b rw - fuse.portal portal rw
45 22 0:43 / /mnt/c rw - tmpfs none rw
46 22 0:44 / /mnt/c rw - nfs files.example:/c rw
a line that is none
"""


@pytest.mark.covers("F61")
@pytest.mark.parametrize(
    ("path", "kind", "found"),
    [
        ("/", "ext4", ""),
        ("/var/lib/newsletter", "ext4", ""),
        ("/srv/news/var", "nfs4", "nfs4"),
        ("/srvelse/news", "ext4", ""),
        ("/srv/local/news", "xfs", ""),
        ("/home/ada/my share/news", "cifs", "cifs"),
        ("/mnt/a/news", "fuse.sshfs", "fuse.sshfs"),
        ("/mnt/b/news", "fuse.portal", ""),
        ("/mnt/c/news", "nfs", "nfs"),
    ],
)
def test_a_share_is_told_by_its_type(path: str, kind: str, found: str, tmp_path: Path) -> None:
    assert type_at(Path(path), TABLE) == kind
    (tmp_path / "mountinfo").write_text(TABLE)
    assert network_file_system(Path(path), tmp_path / "mountinfo") == found
