"""mail, its wishes, signed links, calendar feed, chores of the workers, and a way out for old versions

Revision: 0009, after: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PUBLISHED_AT = {
    "roster_version": "OLD.published_at",
    "published_duty": "(SELECT published_at FROM roster_version WHERE id = OLD.version_id)",
}
"""When the version of a row that is to be deleted was published."""


def upgrade() -> None:
    op.create_table(
        "chore",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker_id", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chore")),
    )
    op.create_table(
        "retention_pass",
        sa.Column("published_before", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("published_before", name=op.f("pk_retention_pass")),
    )
    op.create_table(
        "entry_reminder",
        sa.Column("week_id", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["week_id"], ["week.id"], name=op.f("fk_entry_reminder_week_id")),
        sa.PrimaryKeyConstraint("week_id", name=op.f("pk_entry_reminder")),
    )
    op.create_table(
        "feed_token",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("content_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_feed_token_token_hash")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_feed_token_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_feed_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_token_token_hash")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient_user_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=120), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'sending') = (claimed_at IS NOT NULL)", name=op.f("ck_mail_claimed_at")),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_mail_sent_at")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_mail_attempts")),
        sa.ForeignKeyConstraint(["recipient_user_id"], ["user_account.id"], name=op.f("fk_mail_recipient_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_recipient_user_id"), ["recipient_user_id"], unique=False)
        batch_op.create_index("ix_mail_state_next_try_at", ["state", "next_try_at"], unique=False)

    op.create_table(
        "mail_wish",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("address_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "delivery",
            sa.Enum("at_once", "daily", name="delivery", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("daily_clock_minutes", sa.Integer(), nullable=False),
        sa.Column("quiet_from_clock_minutes", sa.Integer(), nullable=False),
        sa.Column("quiet_to_clock_minutes", sa.Integer(), nullable=False),
        sa.Column("urgent_any_time", sa.Boolean(), nullable=False),
        sa.CheckConstraint("daily_clock_minutes BETWEEN 0 AND 1439", name=op.f("ck_mail_wish_daily_clock_minutes")),
        sa.CheckConstraint("quiet_from_clock_minutes BETWEEN 0 AND 1439", name=op.f("ck_mail_wish_quiet_from")),
        sa.CheckConstraint("quiet_to_clock_minutes BETWEEN 0 AND 1439", name=op.f("ck_mail_wish_quiet_to")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_mail_wish_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_mail_wish")),
    )
    op.create_table(
        "used_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_used_link_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_used_link")),
    )
    with op.batch_alter_table("used_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_used_link_user_id"), ["user_id"], unique=False)

    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "mail_step",
                sa.Enum(
                    "open",
                    "mailed",
                    "no_address",
                    "too_old",
                    name="mail_step",
                    native_enum=False,
                    create_constraint=True,
                    length=20,
                ),
                nullable=False,
                server_default="open",
            )
        )
        batch_op.add_column(sa.Column("mail_due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("mail_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_outbox_message_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index("ix_outbox_message_mail_step", ["mail_step", "mail_due_at"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_outbox_message_mail_id"), "mail", ["mail_id"], ["id"])
        batch_op.create_check_constraint("mail_id", "mail_step = 'mailed' OR mail_id IS NULL")
    for table, published_at in PUBLISHED_AT.items():
        _refuse_deletion(table, f"NOT EXISTS (SELECT 1 FROM retention_pass WHERE published_before > {published_at})")


def _refuse_deletion(table: str, unless: str | None) -> None:
    """A pass is written and taken away in one transaction, so nobody else ever sees one."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER tr_{table}_no_delete")
        when = "" if unless is None else f"WHEN {unless} "
        op.execute(
            f"CREATE TRIGGER tr_{table}_no_delete BEFORE DELETE ON {table} {when}"
            f"BEGIN SELECT RAISE(ABORT, 'immutable: {table}'); END"
        )
        return
    op.execute(f"DROP TRIGGER tr_{table}_no_delete ON {table}")
    if unless is None:
        op.execute(f"DROP FUNCTION refuse_deletion_{table}()")
    else:
        op.execute(
            f"CREATE FUNCTION refuse_deletion_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {unless} THEN "
            "RAISE EXCEPTION 'immutable: %', TG_TABLE_NAME USING ERRCODE = '23514'; END IF; RETURN OLD; END $$"
        )
    function = "refuse_change()" if unless is None else f"refuse_deletion_{table}()"
    op.execute(f"CREATE TRIGGER tr_{table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}")


def downgrade() -> None:
    for table in PUBLISHED_AT:
        _refuse_deletion(table, None)
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_constraint("mail_id", type_="check")
        batch_op.drop_constraint("mail_step", type_="check")
        batch_op.drop_constraint(batch_op.f("fk_outbox_message_mail_id"), type_="foreignkey")
        batch_op.drop_index("ix_outbox_message_mail_step")
        batch_op.drop_index(batch_op.f("ix_outbox_message_mail_id"))
        batch_op.drop_column("read_at")
        batch_op.drop_column("mail_id")
        batch_op.drop_column("mail_due_at")
        batch_op.drop_column("mail_step")

    with op.batch_alter_table("used_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_used_link_user_id"))

    op.drop_table("used_link")
    op.drop_table("mail_wish")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_state_next_try_at")
        batch_op.drop_index(batch_op.f("ix_mail_recipient_user_id"))

    op.drop_table("mail")
    op.drop_table("feed_token")
    op.drop_table("entry_reminder")
    op.drop_table("retention_pass")
    op.drop_table("chore")
