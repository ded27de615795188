"""Stages of a run that are tried again; how long a source's server wants to be left alone."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of tries, and the sources' column; nothing of it was known before."""
    moment = sa.DateTime(timezone=True)
    op.add_column("sources", sa.Column("put_off_until", moment, nullable=True))
    op.create_table(
        "run_tries",
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", moment, nullable=False),
        sa.Column("next_at", moment, nullable=False),
        sa.CheckConstraint(
            "stage IN ('fetch', 'draft', 'recheck', 'build', 'check', 'editors', 'reminder',"
            " 'approval', 'ready')",
            name=op.f("ck_run_tries_stage"),
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrences.id"],
            name=op.f("fk_run_tries_occurrence_id_occurrences"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("occurrence_id", "stage", name=op.f("pk_run_tries")),
    )
