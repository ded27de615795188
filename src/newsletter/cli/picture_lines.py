"""What `build --pictures` says: files, what a reader would trip over, and what changed."""

import os
from dataclasses import asdict

import click

from newsletter.cli.output import note, table
from newsletter.simulate.browser import MOST_PX
from newsletter.workflows.issue.take_pictures import SHEET, Comparison, Pictures

MOST_NAMED = 5
_SMALLEST = 0.001  # a share that one decimal of a percentage can tell
_STATES = {
    "same": "same",
    "new": "no older picture",
    "gone": "an older picture only",
    "unreadable": "the older picture cannot be read",
}


def tell_pictures(pictures: Pictures) -> None:
    """Print the sheet's path and the comparison; note what deserves a look."""
    click.echo(str(pictures.folder / SHEET))
    if pictures.compared:
        table(
            ("view", "since then", "side by side"),
            [
                (each.view, _words(each), str(pictures.folder / each.file) if each.file else "")
                for each in pictures.compared
            ],
        )
    note(
        f"{len(pictures.views)} pictures and a sheet of them in {pictures.folder}, "
        f"by Chromium {pictures.chromium}"
    )
    for each in pictures.views:
        if each.needs > each.width:
            note(f"{each.view.name}: {each.needs} px wide, a reader has to scroll sideways")
        if each.is_cut:
            note(f"{each.view.name}: longer than {MOST_PX:,} px, cut there")
    for address in pictures.stand_ins[:MOST_NAMED]:
        note(f"not kept here, so a box stands in for {address}")
    if len(pictures.stand_ins) > MOST_NAMED:
        note(f"and for {len(pictures.stand_ins) - MOST_NAMED} more")
    if not pictures.is_sandboxed and os.geteuid() != 0:
        note("Chromium ran without its own sandbox, which this system does not allow")


def pictures_object(pictures: Pictures) -> dict[str, object]:
    """Return the pictures for JSON."""
    return {
        "folder": str(pictures.folder),
        "sheet": SHEET,
        "views": [
            {
                "name": each.view.name,
                "label": each.view.label,
                "file": each.file,
                "width": each.width,
                "height": each.height,
                "needs_width": each.needs,
                "cut": each.is_cut,
            }
            for each in pictures.views
        ],
        "stand_ins": list(pictures.stand_ins),
        "chromium": pictures.chromium,
    }


def comparison_object(each: Comparison) -> dict[str, object]:
    """Return one view's comparison for JSON; sizes are [width, height]."""
    return {**asdict(each), "file": each.file or None}


def _words(each: Comparison) -> str:
    if each.state != "changed":
        return _STATES[each.state]
    share = f"{each.share * 100:.1f} %" if each.share >= _SMALLEST else "under 0.1 %"
    words = f"{share} changed"
    if each.old_size and each.new_size and each.old_size != each.new_size:
        sizes = (f"{width:,} x {height:,}" for width, height in (each.old_size, each.new_size))
        words += f", {' is now '.join(sizes)}"
    return words
