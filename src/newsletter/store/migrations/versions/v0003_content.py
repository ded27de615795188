"""Sources, what leads to an article, rulings, callouts' lives, media; schedules."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of content; the keys that articles have lead to them."""
    op.create_table(
        "callout_probes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("callout", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("final_url", sa.Text(), nullable=False),
        sa.Column("was_asked", sa.Boolean(), nullable=False),
        sa.Column("is_well", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callout_probes")),
    )
    op.create_index(op.f("ix_callout_probes_callout"), "callout_probes", ["callout"], unique=False)
    op.create_table(
        "callout_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("callout", sa.Text(), nullable=False),
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("appearance", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callout_uses")),
    )
    op.create_index(op.f("ix_callout_uses_callout"), "callout_uses", ["callout"], unique=False)
    op.create_index(op.f("ix_callout_uses_issue"), "callout_uses", ["issue"], unique=False)
    op.create_table(
        "callout_versions",
        sa.Column("callout", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("wording_sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_in", sa.Integer(), nullable=True),
        sa.Column("closed_in", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("callout", "version", name=op.f("pk_callout_versions")),
    )
    op.create_table(
        "media",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_media")),
    )
    op.create_table(
        "sources",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("moved_to", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("ttl_s", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('well', 'failing', 'quarantined', 'gone')", name=op.f("ck_sources_state")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sources")),
    )
    op.create_table(
        "article_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_keys_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_article_keys")),
    )
    op.create_index(
        op.f("ix_article_keys_article_id"), "article_keys", ["article_id"], unique=False
    )
    op.create_table(
        "article_rulings",
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_in", sa.Text(), nullable=False),
        sa.CheckConstraint("ruling IN ('pin', 'block')", name=op.f("ck_article_rulings_ruling")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_rulings_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("newsletter", "article_id", name=op.f("pk_article_rulings")),
    )
    op.create_index(
        op.f("ix_article_rulings_article_id"), "article_rulings", ["article_id"], unique=False
    )
    op.create_table(
        "article_shingles",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_shingles_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_shingles")),
    )
    op.create_table(
        "article_sightings",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_sightings_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("article_id", "source", name=op.f("pk_article_sightings")),
    )
    op.create_index(
        op.f("ix_article_sightings_source_last_seen"),
        "article_sightings",
        ["source", "last_seen"],
        unique=False,
    )
    op.create_table(
        "issue_summaries",
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("accepted_by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_issue_summaries_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("issue", "article_id", name=op.f("pk_issue_summaries")),
    )
    op.create_index(
        op.f("ix_issue_summaries_article_id"), "issue_summaries", ["article_id"], unique=False
    )
    op.create_table(
        "story_runs",
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_story_runs_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("issue", "key", name=op.f("pk_story_runs")),
    )
    op.create_index(op.f("ix_story_runs_article_id"), "story_runs", ["article_id"], unique=False)
    op.create_index(op.f("ix_story_runs_list_at"), "story_runs", ["list", "at"], unique=False)
    op.create_table(
        "media_addresses",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"], ["media.sha256"], name=op.f("fk_media_addresses_sha256_media")
        ),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_media_addresses")),
    )
    op.create_table(
        "rechecks",
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("issue", name=op.f("pk_rechecks")),
    )
    op.create_table(
        "recheck_findings",
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue"], ["rechecks.issue"], name=op.f("fk_recheck_findings_issue_rechecks")
        ),
        sa.PrimaryKeyConstraint("issue", "number", name=op.f("pk_recheck_findings")),
    )
    moment = sa.DateTime(timezone=True)
    op.add_column("occurrences", sa.Column("draft_at", moment, nullable=True))
    op.add_column("occurrences", sa.Column("approve_by", moment, nullable=True))
    for name in ("mark", "note"):
        column = sa.Column(name, sa.Text(), server_default="", nullable=False)
        op.add_column("occurrences", column)
    op.create_table(
        "restores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("accepted_by", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("epoch_was", sa.Integer(), nullable=False),
        sa.Column("is_restored", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restores")),
    )
    op.create_table(
        "run_stages",
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "stage IN ('fetch', 'draft', 'recheck', 'build', 'check', 'editors', 'reminder',"
            " 'approval', 'ready')",
            name=op.f("ck_run_stages_stage"),
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrences.id"],
            name=op.f("fk_run_stages_occurrence_id_occurrences"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("occurrence_id", "stage", name=op.f("pk_run_stages")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('draft', 'reminder', 'sent', 'held', 'skipped', 'missed', 'stopped',"
            " 'paused', 'refused', 'unsettled', 'verification')",
            name=op.f("ck_notices_kind"),
        ),
        sa.CheckConstraint("channel IN ('mail', 'webhook')", name=op.f("ck_notices_channel")),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'failed', 'unknown')",
            name=op.f("ck_notices_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "event", "channel", "target", name=op.f("uq_notices_event_channel_target")
        ),
    )
    op.create_index(op.f("ix_notices_state_due_at"), "notices", ["state", "due_at"], unique=False)
    op.execute("INSERT INTO article_keys (key, article_id) SELECT key, id FROM articles")
    # What was sent before this version: its draft is all that is known of it.
    op.execute(
        "INSERT INTO story_runs (issue, key, article_id, newsletter, list, headline, at)"
        " SELECT mailings.issue, articles.key, articles.id, mailings.newsletter, mailings.list, '',"
        " mailings.created FROM issue_stories"
        " JOIN mailings ON mailings.issue = issue_stories.issue"
        " JOIN articles ON articles.id = issue_stories.article_id"
    )
