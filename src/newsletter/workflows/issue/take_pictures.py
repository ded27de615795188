"""Pictures of a build: every view of the list, and a contact sheet."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from newsletter.config.settings import Settings
from newsletter.errors import Interrupted, ToolError, UserError
from newsletter.model.article import MEDIA_PATH, is_kept_name
from newsletter.model.composed import VIEWS, View
from newsletter.simulate.browser import Camera
from newsletter.simulate.document import addresses_of_pictures, mail_document, text_document
from newsletter.simulate.sheet import Labelled, contact_sheet
from newsletter.workflows.issue.build_issue import Build
from newsletter.workflows.project_files import write_together

SHEET, LIST = "sheet.png", "pictures.json"


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
class Pictures:
    """What was taken: files are names in folder. stand_ins are addresses that a box stands for."""

    folder: Path
    views: tuple[ViewPicture, ...]
    stand_ins: tuple[str, ...]
    chromium: str
    is_sandboxed: bool

    def listed(self) -> dict[str, object]:
        """Return the views as pictures.json lists them."""
        views = [
            {
                "name": each.view.name,
                "label": each.view.label,
                "file": each.file,
                "width": each.width,
                "height": each.height,
                "needs_width": each.needs,
                "cut": each.is_cut,
            }
            for each in self.views
        ]
        return {"views": views, "stand_ins": list(self.stand_ins), "chromium": self.chromium}


def take_pictures(
    settings: Settings, built: Build, folder: Path, *, stopped: Callable[[], bool] = lambda: False
) -> Pictures:
    """Write a picture of each view, the sheet and pictures.json into a folder, all together.

    The same build gives the same bytes on one machine.

    Raises UserError, ToolError, Interrupted.
    """
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is a file", hint="name a folder, such as --pictures pictures")
    images: dict[str, Image.Image] = {}
    try:
        with Camera() as camera:
            taken = tuple(_taken(settings, built, camera, images, stopped))
            version, is_sandboxed = camera.version, camera.is_sandboxed
    except (UserError, ToolError) as error:
        if not stopped():
            raise
        raise _interrupted() from error  # Ctrl-C in a terminal ends the browser too
    addresses = addresses_of_pictures(built.html)
    pictures = Pictures(
        folder=folder,
        views=taken,
        stand_ins=tuple(address for address in addresses if address not in built.pictures),
        chromium=version,
        is_sandboxed=is_sandboxed,
    )
    title = f"{built.report['issue']}   {built.fingerprint[:12]}"
    sheet = contact_sheet(
        title, [Labelled(label=each.view.label, image=images[each.file]) for each in taken]
    )
    head = {"issue": built.report["issue"], "fingerprint": built.fingerprint}
    listed = json.dumps({**head, **pictures.listed()}, indent=2)
    contents = {name: _png(image) for name, image in images.items()}
    write_together(folder, {**contents, SHEET: _png(sheet), LIST: f"{listed}\n".encode()})
    return pictures


def _taken(
    settings: Settings,
    built: Build,
    camera: Camera,
    images: dict[str, Image.Image],
    stopped: Callable[[], bool],
) -> Iterator[ViewPicture]:
    def kept(path: str) -> bytes | None:
        name = path.removeprefix(MEDIA_PATH)
        file = settings.media_folder / name
        if not is_kept_name(name) or file.is_symlink():
            return None
        try:
            return file.read_bytes()
        except OSError:
            return None

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
        yield ViewPicture(
            view=view,
            file=file,
            width=shot.image.width,
            height=shot.image.height,
            needs=shot.needs,
            is_cut=shot.is_cut,
        )


def _interrupted() -> Interrupted:
    msg = "stopped before all pictures were taken; none was written"
    return Interrupted(msg, hint="the build itself is done; the same command takes the pictures")


def _png(image: Image.Image) -> bytes:
    """Write a picture; without times or names in it, the same pixels are the same bytes."""
    buffer = BytesIO()
    image.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()
