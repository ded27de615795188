"""The database: tables, migrations, queries, and the ledger, the only writer of delivery states.

Each query function takes a Connection; only workflows and the delivery engine begin transactions.
"""

from sqlalchemy import Connection

from newsletter.store.engine import (
    Database,
    StoreDamaged,
    StoreElsewhere,
    StoreFull,
    StoreMissing,
    StoreNewer,
    StoreOutdated,
    StoreReadOnly,
    StoreRestored,
)
from newsletter.store.schema import open_database
