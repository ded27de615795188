"""What a story's source says, as the checks compare a summary with it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySource:
    """The newest version of the article that a story was made from.

    body are its paragraphs of running text, in order. beside is what else it says that is no
    noise: title, description, standfirst, sub-headings, author, site, date. affiliate_notice is
    the source's own sentence that its links earn money, "" without one. drafted_version is the
    version a drafted summary was made from, 0 where none was drafted; changes are readable lines
    that tell how the text differs now. published is when it came out, None where that is not known.
    """

    article: int
    version: int
    body: tuple[str, ...]
    beside: tuple[str, ...] = ()
    affiliate_notice: str = ""
    drafted_version: int = 0
    changes: tuple[str, ...] = ()
    published: datetime | None = None

    @property
    def text(self) -> str:
        """All that the source says, one paragraph a line."""
        return "\n".join((*self.beside, *self.body))

    def text_beside(self, words: str) -> str:
        """All that the source says save what is these very words: nothing bears itself out.

        Where only they are left (a source whose text could not be read), all of it.
        """
        others = [line for line in self.beside if line != words]
        return "\n".join((*others, *self.body)) if self.body else self.text
