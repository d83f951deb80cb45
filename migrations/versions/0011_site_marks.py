"""A mark of each site that changes with anything its rosters stand on, and cheaper last words on full rooms and sites.

The mark is drawn anew by triggers, whoever writes: a process may keep rooms, desks and rules as long as it finds the
mark under which it read them. It is random and no count, so that what was rolled back never looks like what came after.

The most persons at once are counted along time instead of once for every arrival, which took half a second at a site
of a thousand. A table with triggers that is remade on SQLite loses them.

Revision: 0011, after: 0010
"""

from __future__ import annotations

import runpy
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

live_guards = runpy.run_path(str(Path(__file__).with_name("0005_live_guards.py")))
"""The guards as they were made: a migration's file name is none that could be imported."""

SITE_OF = {
    "site": "{row}.id",
    "room": "{row}.site_id",
    "desk": "{row}.site_id",
    "queue": "{row}.site_id",
    "hygiene_profile": "{row}.site_id",
    "booking_terms": "{row}.site_id",
    "partition": "(SELECT site_id FROM desk WHERE id = {row}.first_desk_id)",
    "agent": "{row}.site_id",
}
"""Tables that a roster stands on, and the site of a row."""
MARKED = {
    **{table: ("INSERT", "UPDATE", "DELETE") for table in SITE_OF},
    # The site's own mark is made with it and goes with it.
    "site": ("UPDATE",),
    # Who sits somewhere is known by key and cohort; all else about people is read with every request.
    "agent": ("UPDATE OF key, cohort, site_id",),
}
SQLITE_DRAWN, POSTGRES_DRAWN = "lower(hex(randomblob(16)))", "gen_random_uuid()::text"

AT_ONCE = (
    "d.{column} = NEW.{column} AND d.place = 'site' AND d.starts_at < NEW.ends_at AND d.ends_at > NEW.starts_at"
)
PEAK = (
    "coalesce((SELECT max(here) FROM (SELECT sum(change) OVER (ORDER BY at, change ROWS UNBOUNDED PRECEDING) AS here "
    "FROM (SELECT CASE WHEN d.starts_at < NEW.starts_at THEN NEW.starts_at ELSE d.starts_at END AS at, 1 AS change "
    f"FROM current_duty d WHERE {AT_ONCE} UNION ALL "
    f"SELECT d.ends_at AS at, -1 AS change FROM current_duty d WHERE {AT_ONCE}) step) moment), 0)"
)
CROWDED = {
    "room_cap": (
        "EXISTS (SELECT 1 FROM live_room c WHERE c.week_id = NEW.week_id AND c.room_id = NEW.room_id "
        f"AND c.most_persons < 1 + {PEAK.format(column='room_id')})"
    ),
    "site_cap": (
        "NEW.place = 'site' AND EXISTS (SELECT 1 FROM live_week c WHERE c.week_id = NEW.week_id "
        f"AND c.most_on_site < 1 + {PEAK.format(column='site_id')})"
    ),
}


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    drawn = SQLITE_DRAWN if on_sqlite else POSTGRES_DRAWN
    op.create_table(
        "site_mark",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_site_mark_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_site_mark")),
    )
    op.execute(f"INSERT INTO site_mark (site_id, mark) SELECT id, {drawn} FROM site")
    if on_sqlite:
        _mark_sqlite()
        _guard_sqlite(CROWDED)
    else:
        _mark_postgresql()
        _guard_postgresql(CROWDED)


def name_of(table: str, event: str) -> str:
    return f"tr_{table}_mark_{event.split()[0].lower()}"


def _mark_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER tr_site_mark AFTER INSERT ON site BEGIN "
        f"INSERT INTO site_mark (site_id, mark) VALUES (NEW.id, {SQLITE_DRAWN}); END"
    )
    for table, events in MARKED.items():
        for event in events:
            row = "OLD" if event == "DELETE" else "NEW"
            op.execute(
                f"CREATE TRIGGER {name_of(table, event)} AFTER {event} ON \"{table}\" BEGIN UPDATE site_mark "
                f"SET mark = {SQLITE_DRAWN} WHERE site_id = {SITE_OF[table].format(row=row)}; END"
            )


def _mark_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION mark_new_site() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"INSERT INTO site_mark (site_id, mark) VALUES (NEW.id, {POSTGRES_DRAWN}); RETURN NULL; END $$"
    )
    op.execute("CREATE TRIGGER tr_site_mark AFTER INSERT ON site FOR EACH ROW EXECUTE FUNCTION mark_new_site()")
    for table, events in MARKED.items():
        for event in events:
            row, name = "OLD" if event == "DELETE" else "NEW", name_of(table, event)
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE site_mark "
                f"SET mark = {POSTGRES_DRAWN} WHERE site_id = {SITE_OF[table].format(row=row)}; RETURN NULL; END $$"
            )
            op.execute(f'CREATE TRIGGER {name} AFTER {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {name}()')


def _guard_sqlite(rules: dict[str, str]) -> None:
    for rule, broken in rules.items():
        op.execute(f"DROP TRIGGER tr_current_duty_{rule}")
        op.execute(
            f"CREATE TRIGGER tr_current_duty_{rule} BEFORE INSERT ON current_duty WHEN {broken} "
            f"BEGIN SELECT RAISE(ABORT, '{live_guards['said'](rule)}'); END"
        )


def _guard_postgresql(changed: dict[str, str]) -> None:
    gap = f"make_interval(mins => {live_guards['GAP']})"
    known = live_guards["duty_rules"](f"NEW.ends_at + {gap}", f"NEW.starts_at - {gap}")
    rules = "".join(
        f"IF {broken} THEN RAISE EXCEPTION '{live_guards['said'](rule)}' USING ERRCODE = '23514'; END IF; "
        for rule, broken in {**known, **changed}.items()
    )
    turn = f"PERFORM pg_advisory_xact_lock({live_guards['SITE_LOCK']}, NEW.site_id); "
    op.execute(
        "CREATE OR REPLACE FUNCTION guard_duty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{turn}{rules}RETURN NEW; END $$"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER tr_site_mark")
        for table, events in MARKED.items():
            for event in events:
                op.execute(f"DROP TRIGGER {name_of(table, event)}")
        rules = live_guards["duty_rules"]("", "")
        _guard_sqlite({rule: rules[rule] for rule in CROWDED})
    else:
        op.execute("DROP FUNCTION mark_new_site() CASCADE")
        for table, events in MARKED.items():
            for event in events:
                op.execute(f"DROP FUNCTION {name_of(table, event)}() CASCADE")
        _guard_postgresql({})
    op.drop_table("site_mark")
