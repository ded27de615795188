"""Where migrations begin: a new database is made from the tables at once and gets this mark.

A later revision changes the tables of this one by statements of its own, with no look at tables.py.
"""

revision = "0004"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do nothing: schema.py has made the tables."""
