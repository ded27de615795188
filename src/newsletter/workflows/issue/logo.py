"""The logo's file: kept under its hash as pictures are, and shown to readers from our address."""

import hashlib
from dataclasses import replace

from newsletter.config.settings import NewsletterSettings, Settings
from newsletter.errors import UserError
from newsletter.model.article import MEDIA_PATH
from newsletter.workflows.atomic_files import write_together
from newsletter.workflows.project_files import folder_file

MOST_LOGO_BYTES = 200_000  # as of every picture in a mail
_KINDS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))


def with_logo(settings: Settings, newsletter: NewsletterSettings) -> NewsletterSettings:
    """Return the newsletter with the address of its logo, whose file is kept in var/media as it is.

    The address changes with the file's bytes, so a copy that a mail program keeps is never an old
    one, and an approval holds for the logo too.

    Raises:
        UserError: there is no such file, or it is no logo for a mail.
    """
    logo = newsletter.brand.logo
    if logo is None or not logo.file:
        return newsletter
    path = folder_file(settings, logo.file)
    try:
        with path.open("rb") as opened:
            content = opened.read(MOST_LOGO_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        hint = f"put the file there, or change logo in {settings.file.name}"
        raise UserError(f"the logo {logo.file} cannot be read: {reason}", hint=hint) from error
    if len(content) > MOST_LOGO_BYTES:
        msg = f"the logo {logo.file} is larger than {MOST_LOGO_BYTES // 1000} kB"
        hint = f"a file twice as wide as it is shown ({2 * logo.width} pixels) is enough"
        raise UserError(msg, hint=hint)
    ending = next((ending for start, ending in _KINDS if content.startswith(start)), "")
    if not ending:
        msg = f"the logo {logo.file} is neither PNG nor JPEG, whatever its name says"
        raise UserError(msg, hint="save it as PNG; mail programs show little else")
    name = f"{hashlib.sha256(content).hexdigest()}.{ending}"
    if not (settings.media_folder / name).is_file():
        write_together(settings.media_folder, {name: content})
    url = f"{newsletter.public_url.rstrip('/')}{MEDIA_PATH}{name}"
    return replace(newsletter, brand=replace(newsletter.brand, logo=replace(logo, url=url)))
