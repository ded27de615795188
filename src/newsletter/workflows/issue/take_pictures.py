"""Pictures of a build: every view of the list, a contact sheet, and what changed since others."""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from newsletter.config.settings import Settings
from newsletter.errors import Interrupted, ToolError, UserError
from newsletter.model.article import MEDIA_PATH, is_kept_name
from newsletter.model.composed import VIEWS, View
from newsletter.simulate.browser import MOST_PX, Camera
from newsletter.simulate.document import addresses_of_pictures, mail_document, text_document
from newsletter.simulate.sheet import Labelled, contact_sheet, difference
from newsletter.workflows.issue.build_issue import Build
from newsletter.workflows.project_files import write_together

SHEET, LIST, COMPARED = "sheet.png", "pictures.json", "compared"
MOST_WIDE = 1_200  # px of an older picture; a wider one is none of ours
MOST_BYTES = 100_000_000
_VIEW_FILE = re.compile(r"[a-z0-9-]{1,40}\.png")


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewPicture:
    """The picture of one view. needs is the width of what it holds; is_cut as Shot has it."""

    view: View
    file: str
    width: int
    height: int
    needs: int
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One view beside its older picture.

    state is "same", "changed", "new" (there is no older picture), "gone" (there is no newer one) or
    "unreadable" (the older one). share is that of changed pixels, 0 to 1; sizes are (width,
    height), None where there is no picture; file is that of the side-by-side, "" without.
    """

    view: str
    state: str
    share: float
    old_size: tuple[int, int] | None
    new_size: tuple[int, int] | None
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """What was taken: files are names in folder. stand_ins are addresses that a box stands for."""

    folder: Path
    views: tuple[ViewPicture, ...]
    stand_ins: tuple[str, ...]
    compared: tuple[Comparison, ...]
    chromium: str
    is_sandboxed: bool

    @property
    def has_changed(self) -> bool:
        """Whether any view is not as it was."""
        return any(each.state != "same" for each in self.compared)


def take_pictures(
    settings: Settings,
    built: Build,
    folder: Path,
    *,
    older: Path | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Pictures:
    """Write a picture of each view, the sheet and pictures.json into a folder, all together.

    The same build gives the same bytes on one machine. With older, the folder of other pictures,
    each view that changed is laid side by side in the folder's compared/. older may be the same
    folder.

    Raises UserError, ToolError, Interrupted.
    """
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is a file", hint="name a folder, such as --pictures pictures")
    before = _older(older) if older is not None else None
    try:
        images, taken, told = _taken(settings, built, stopped)
    except (UserError, ToolError) as error:
        if not stopped():
            raise
        raise _interrupted() from error  # Ctrl-C in a terminal ends the browser too
    addresses = addresses_of_pictures(built.html)
    title = f"{built.report['issue']}   {built.fingerprint[:12]}"
    sheet = contact_sheet(
        title, [Labelled(label=each.view.label, image=images[each.file]) for each in taken]
    )
    stand_ins = tuple(address for address in addresses if address not in built.pictures)
    listed = {
        "issue": built.report["issue"],
        "fingerprint": built.fingerprint,
        "chromium": told.version,
        "views": [_as_object(each) for each in taken],
        "stand_ins": list(stand_ins),
    }
    contents = {name: _png(image) for name, image in images.items()}
    contents |= {SHEET: _png(sheet), LIST: (json.dumps(listed, indent=2) + "\n").encode()}
    write_together(folder, contents)
    compared = () if before is None else _compared(folder, images, before)
    return Pictures(
        folder=folder,
        views=tuple(taken),
        stand_ins=stand_ins,
        compared=compared,
        chromium=told.version,
        is_sandboxed=told.is_sandboxed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Browser:
    version: str
    is_sandboxed: bool


def _taken(
    settings: Settings, built: Build, stopped: Callable[[], bool]
) -> tuple[dict[str, Image.Image], list[ViewPicture], _Browser]:
    def kept(path: str) -> bytes | None:
        name = path.removeprefix(MEDIA_PATH)
        file = settings.media_folder / name
        if not is_kept_name(name) or file.is_symlink():
            return None
        try:
            return file.read_bytes()
        except OSError:
            return None

    images: dict[str, Image.Image] = {}
    taken: list[ViewPicture] = []
    with Camera() as camera:
        for view in VIEWS:
            if stopped():
                raise _interrupted()
            document = (
                text_document(built.text)
                if view.is_text
                else mail_document(built.html, view.look, kept=built.pictures)
            )
            shot = camera.take(document, width=view.width, kept=kept)
            file = f"{view.name}.png"
            images[file] = shot.image
            taken.append(
                ViewPicture(
                    view=view,
                    file=file,
                    width=shot.image.width,
                    height=shot.image.height,
                    needs=shot.needs,
                    is_cut=shot.is_cut,
                )
            )
        return images, taken, _Browser(version=camera.version, is_sandboxed=camera.is_sandboxed)


def _interrupted() -> Interrupted:
    msg = "stopped before all pictures were taken; none was written"
    return Interrupted(msg, hint="the build itself is done; the same command takes the pictures")


def _older(folder: Path) -> dict[str, Image.Image | None]:
    """Read the pictures of an earlier run by their files' names; None for one that is none.

    Raises UserError: there is no such folder, or nothing of ours in it.
    """
    hint = "name a folder that an earlier --pictures wrote"
    try:
        listed = json.loads((folder / LIST).read_bytes())
        names = [str(each["file"]) for each in listed["views"]]
    except OSError as error:
        msg = f"{folder / LIST} cannot be read: {(error.strerror or str(error)).lower()}"
        raise UserError(msg, hint=hint) from error
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{folder / LIST} is no list of pictures", hint=hint) from error
    return {name: _opened(folder / name) for name in names if _VIEW_FILE.fullmatch(name)}


def _opened(path: Path) -> Image.Image | None:
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return None
        with Image.open(path, formats=["PNG"]) as image:
            if image.width > MOST_WIDE or image.height > MOST_PX:
                return None
            return image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _compared(
    folder: Path, images: Mapping[str, Image.Image], before: Mapping[str, Image.Image | None]
) -> tuple[Comparison, ...]:
    found: list[Comparison] = []
    contents: dict[str, bytes] = {}
    for file in (*images, *(name for name in before if name not in images)):
        new, old = images.get(file), before.get(file)
        state, share, side_by_side = "new", 0.0, ""
        if new is None:
            state = "gone"
        elif old is None:
            state = "unreadable" if file in before else "new"
        else:
            result = difference(old, new)
            state, share = "same" if result.is_same else "changed", result.share
            if not result.is_same:
                side_by_side = f"{COMPARED}/{file}"
                contents[file] = _png(result.picture)
        found.append(
            Comparison(
                view=file.removesuffix(".png"),
                state=state,
                share=share,
                old_size=old.size if old else None,
                new_size=new.size if new else None,
                file=side_by_side,
            )
        )
    place = folder / COMPARED
    if contents:
        write_together(place, contents)
    for file in {*images, *before} - set(contents):  # of an earlier run: they would tell of it
        with suppress(OSError):
            (place / file).unlink(missing_ok=True)
    return tuple(found)


def _as_object(picture: ViewPicture) -> dict[str, object]:
    return {
        "name": picture.view.name,
        "label": picture.view.label,
        "file": picture.file,
        "width": picture.width,
        "height": picture.height,
        "needs_width": picture.needs,
        "cut": picture.is_cut,
    }


def _png(image: Image.Image) -> bytes:
    """Write a picture; without times or names in it, the same pixels are the same bytes."""
    buffer = BytesIO()
    image.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()
