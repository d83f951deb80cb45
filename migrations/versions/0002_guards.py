"""Guards that hold under parallel writers: published rosters never change, nobody and no desk twice at once.

Revision: 0002, after: 0001
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

IMMUTABLE = {
    "roster_version": ("UPDATE", "DELETE"),
    "published_duty": ("UPDATE", "DELETE"),
    "document": ("UPDATE",),
    "audit_event": ("UPDATE",),
}
COMPLETE = "NEW.position >= (SELECT duty_count FROM roster_version WHERE id = NEW.version_id)"
OVERLAPS = {
    "agent": "agent_id = NEW.agent_id",
    "desk": "desk_id = NEW.desk_id",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    for table, actions in IMMUTABLE.items():
        for action in actions:
            op.execute(
                f"CREATE TRIGGER tr_{table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'immutable: {table}'); END"
            )
    op.execute(
        f"CREATE TRIGGER tr_published_duty_complete BEFORE INSERT ON published_duty WHEN {COMPLETE} "
        "BEGIN SELECT RAISE(ABORT, 'immutable: roster_version'); END"
    )
    for owner, same_owner in OVERLAPS.items():
        op.execute(
            f"CREATE TRIGGER tr_published_duty_{owner} BEFORE INSERT ON published_duty "
            f"WHEN EXISTS (SELECT 1 FROM published_duty WHERE {same_owner} AND version_id = NEW.version_id "
            "AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at) "
            f"BEGIN SELECT RAISE(ABORT, 'overlap: {owner}'); END"
        )


def _guard_postgresql() -> None:
    # 23514 is a check violation, so that both databases answer with an integrity error.
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'immutable: %', TG_TABLE_NAME USING ERRCODE = '23514'; END $$"
    )
    op.execute(
        f"CREATE FUNCTION refuse_duty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {COMPLETE} THEN "
        "RAISE EXCEPTION 'immutable: roster_version' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$"
    )
    for table, actions in IMMUTABLE.items():
        for action in actions:
            op.execute(
                f"CREATE TRIGGER tr_{table}_no_{action.lower()} BEFORE {action} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
    op.execute(
        "CREATE TRIGGER tr_published_duty_complete BEFORE INSERT ON published_duty "
        "FOR EACH ROW EXECUTE FUNCTION refuse_duty()"
    )
    for owner in OVERLAPS:
        op.execute(
            f"ALTER TABLE published_duty ADD CONSTRAINT ex_published_duty_{owner} EXCLUDE USING gist ("
            f"int4range(version_id, version_id, '[]') WITH &&, int4range({owner}_id, {owner}_id, '[]') WITH &&, "
            f"tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE ({owner}_id IS NOT NULL)"
        )


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for owner in OVERLAPS:
        if on_postgresql:
            op.execute(f"ALTER TABLE published_duty DROP CONSTRAINT ex_published_duty_{owner}")
        else:
            op.execute(f"DROP TRIGGER tr_published_duty_{owner}")
    for table, actions in {**IMMUTABLE, "published_duty": ("UPDATE", "DELETE", "complete")}.items():
        for action in actions:
            name = f"tr_{table}_complete" if action == "complete" else f"tr_{table}_no_{action.lower()}"
            op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if on_postgresql else ""))
    if on_postgresql:
        op.execute("DROP FUNCTION refuse_change()")
        op.execute("DROP FUNCTION refuse_duty()")
