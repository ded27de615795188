"""The ledger: the only writer of mailings, chunks, deliveries and attempts.

Each change is `UPDATE … WHERE state = :from` and looks at the rows it touched; the transitions are
drawn in tables.py. Opening, marking and recording trust the chunk's token
alone, never a clock. `committing` is stored before a final dot may leave; what was `committing`
when its worker went is `unknown`, and nothing here queues it again but `settle`.
"""

from newsletter.store.ledger.chunk import (
    OpenChunk,
    close_chunk,
    mark_committing,
    open_chunk,
    take_back,
)
from newsletter.store.ledger.mailing import (
    SETTLE_AFTER,
    cancel_mailing,
    expire,
    finish_if_done,
    freeze,
    pause_if_late,
    pause_in_doubt,
    pause_mailing,
    resume_mailing,
    settle,
    start_mailing,
)
from newsletter.store.ledger.outcomes import AttemptResult, record, unmark
from newsletter.store.ledger.reading import (
    LEFT,
    ChunkDone,
    LedgerError,
    MailingExists,
    MailingNotRunning,
    StaleToken,
    account,
    chunks_to_do,
    get_mailing,
    last_moved,
    list_deliveries,
    list_mailings,
    mailed,
    mailing_for_issue,
    next_due,
    unfinished,
)
