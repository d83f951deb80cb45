"""The last word on the roster in force: a person's time, desks, cleaning, distance, caps of rooms and of the site.

Writers of one site take turns (on SQLite all writers do anyway), so a trigger that looks and refuses cannot be
overtaken. On PostgreSQL the trigger itself takes the turn, whatever the application forgot; exclusion constraints
hold besides. Messages are ``rule:<name>``, by the names of the hard rules.

Rows are only inserted and deleted. A table with triggers that is remade on SQLite loses them.

Revision: 0005, after: 0004
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SITE_LOCK = 722782
"""First key of the advisory lock of a site's roster; the second is the site's id. The guard takes the same."""

AT_ONCE = "d.starts_at < NEW.ends_at AND d.ends_at > NEW.starts_at"

PEAK = (
    "(SELECT max((SELECT count(*) FROM current_duty d WHERE d.{column} = NEW.{column} AND d.place = 'site' "
    "AND d.starts_at <= point.at AND d.ends_at > point.at)) FROM (SELECT NEW.starts_at AS at UNION "
    "SELECT starts_at FROM current_duty o WHERE o.{column} = NEW.{column} AND o.place = 'site' "
    "AND o.ends_at > NEW.starts_at AND o.starts_at > NEW.starts_at AND o.starts_at < NEW.ends_at) point)"
)


def near(other: str, own: str, least_m: str) -> str:
    """Two desks of one room closer than ``least_m``, with no screen between them."""
    apart = f"(({other}.x_m - {own}.x_m) * ({other}.x_m - {own}.x_m) + ({other}.y_m - {own}.y_m) * ({other}.y_m - {own}.y_m))"
    reach = f"({least_m} - 1e-9)"
    return (
        f"{other}.room_id = {own}.room_id AND {other}.id <> {own}.id AND {reach} > 0 AND {apart} < {reach} * {reach} "
        "AND NOT EXISTS (SELECT 1 FROM partition p WHERE "
        f"(p.first_desk_id = {own}.id AND p.second_desk_id = {other}.id) "
        f"OR (p.first_desk_id = {other}.id AND p.second_desk_id = {own}.id))"
    )


def duty_rules(after: str, before: str) -> dict[str, str]:
    """Each rule with the condition under which a new duty breaks it."""
    return {
        "overlap": f"EXISTS (SELECT 1 FROM current_duty d WHERE d.agent_id = NEW.agent_id AND {AT_ONCE})",
        "desk": (
            "NEW.desk_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM released_desk r JOIN desk k ON k.id = r.desk_id "
            "WHERE r.week_id = NEW.week_id AND r.desk_id = NEW.desk_id AND k.room_id = NEW.room_id "
            "AND k.site_id = NEW.site_id AND NOT k.blocked)"
        ),
        "cleaning_gap": (
            "EXISTS (SELECT 1 FROM current_duty d WHERE d.desk_id = NEW.desk_id AND d.agent_id <> NEW.agent_id "
            f"AND d.starts_at < {after} AND d.ends_at > {before})"
        ),
        "distance": (
            "EXISTS (SELECT 1 FROM current_duty d JOIN desk k ON k.id = d.desk_id JOIN desk own ON own.id = NEW.desk_id "
            f"JOIN live_week w ON w.week_id = NEW.week_id WHERE d.room_id = NEW.room_id AND {AT_ONCE} "
            f"AND {near('k', 'own', 'w.min_distance_m')})"
        ),
        "room_cap": (
            "EXISTS (SELECT 1 FROM live_room c WHERE c.week_id = NEW.week_id AND c.room_id = NEW.room_id "
            f"AND c.most_persons < 1 + {PEAK.format(column='room_id')})"
        ),
        "site_cap": (
            "NEW.place = 'site' AND EXISTS (SELECT 1 FROM live_week c WHERE c.week_id = NEW.week_id "
            f"AND c.most_on_site < 1 + {PEAK.format(column='site_id')})"
        ),
        "site": (
            "NOT EXISTS (SELECT 1 FROM agent a JOIN week w ON w.site_id = a.site_id "
            "WHERE a.id = NEW.agent_id AND w.id = NEW.week_id AND a.site_id = NEW.site_id)"
        ),
    }


def said(rule: str) -> str:
    return f"wrong:{rule}" if rule == "site" else f"rule:{rule}"


RELEASE_RULE = (
    "EXISTS (SELECT 1 FROM released_desk r JOIN desk k ON k.id = r.desk_id JOIN desk own ON own.id = NEW.desk_id "
    f"JOIN live_week w ON w.week_id = NEW.week_id WHERE r.week_id = NEW.week_id AND {near('k', 'own', 'w.min_distance_m')})"
)
GAP = "(SELECT cleaning_gap_minutes FROM live_week WHERE week_id = NEW.week_id)"
COUNTED = {
    # Event: row meant, how the shift's places change.
    "insert": ("NEW", "+ 1"),
    "delete": ("OLD", "- 1"),
}
IMMUTABLE = ("current_duty", "roster_change")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    # Instants are text with six decimals; strftime gives three.
    moved = "(strftime('%Y-%m-%d %H:%M:%f', NEW.{column}, '{sign}' || {gap} || ' minutes') || '000')"
    after = moved.format(column="ends_at", sign="+", gap=GAP)
    before = moved.format(column="starts_at", sign="-", gap=GAP)
    for rule, broken in duty_rules(after, before).items():
        op.execute(
            f"CREATE TRIGGER tr_current_duty_{rule} BEFORE INSERT ON current_duty WHEN {broken} "
            f"BEGIN SELECT RAISE(ABORT, '{said(rule)}'); END"
        )
    op.execute(
        f"CREATE TRIGGER tr_released_desk_distance BEFORE INSERT ON released_desk WHEN {RELEASE_RULE} "
        "BEGIN SELECT RAISE(ABORT, 'rule:distance'); END"
    )
    for table in IMMUTABLE:
        op.execute(
            f"CREATE TRIGGER tr_{table}_no_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'immutable: {table}'); END"
        )
    for event, (row, change) in COUNTED.items():
        op.execute(
            f"CREATE TRIGGER tr_current_duty_count_{event} AFTER {event.upper()} ON current_duty "
            f"WHEN {row}.open_shift_id IS NOT NULL BEGIN UPDATE open_shift SET taken = taken {change} "
            f"WHERE id = {row}.open_shift_id; END"
        )


def _guard_postgresql() -> None:
    gap = f"make_interval(mins => {GAP})"
    rules = "".join(
        f"IF {broken} THEN RAISE EXCEPTION '{said(rule)}' USING ERRCODE = '23514'; END IF; "
        for rule, broken in duty_rules(f"NEW.ends_at + {gap}", f"NEW.starts_at - {gap}").items()
    )
    turn = f"PERFORM pg_advisory_xact_lock({SITE_LOCK}, NEW.site_id); "
    op.execute(
        "CREATE FUNCTION guard_duty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{turn}{rules}RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER tr_current_duty_guard BEFORE INSERT ON current_duty FOR EACH ROW EXECUTE FUNCTION guard_duty()"
    )
    op.execute(
        "CREATE FUNCTION guard_release() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM "
        f"pg_advisory_xact_lock({SITE_LOCK}, (SELECT site_id FROM live_week WHERE week_id = NEW.week_id)); "
        f"IF {RELEASE_RULE} THEN RAISE EXCEPTION 'rule:distance' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER tr_released_desk_guard BEFORE INSERT ON released_desk "
        "FOR EACH ROW EXECUTE FUNCTION guard_release()"
    )
    for table in IMMUTABLE:
        op.execute(
            f"CREATE TRIGGER tr_{table}_no_update BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    for event, (row, change) in COUNTED.items():
        op.execute(
            f"CREATE FUNCTION count_duty_{event}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"UPDATE open_shift SET taken = taken {change} WHERE id = {row}.open_shift_id; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER tr_current_duty_count_{event} AFTER {event.upper()} ON current_duty "
            f"FOR EACH ROW WHEN ({row}.open_shift_id IS NOT NULL) EXECUTE FUNCTION count_duty_{event}()"
        )
    for owner, rule in (("agent", "overlap"), ("desk", "cleaning_gap")):
        op.execute(
            f"ALTER TABLE current_duty ADD CONSTRAINT ex_current_duty_{rule} EXCLUDE USING gist ("
            f"int4range({owner}_id, {owner}_id, '[]') WITH &&, tstzrange(starts_at, ends_at, '[)') WITH &&) "
            f"WHERE ({owner}_id IS NOT NULL)"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        names = [f"current_duty_{rule}" for rule in duty_rules("", "")]
        names += ["released_desk_distance", *(f"{table}_no_update" for table in IMMUTABLE)]
        names += [f"current_duty_count_{event}" for event in COUNTED]
        for name in names:
            op.execute(f"DROP TRIGGER tr_{name}")
        return
    for rule in ("overlap", "cleaning_gap"):
        op.execute(f"ALTER TABLE current_duty DROP CONSTRAINT ex_current_duty_{rule}")
    for table in IMMUTABLE:
        op.execute(f"DROP TRIGGER tr_{table}_no_update ON {table}")
    op.execute("DROP FUNCTION guard_duty() CASCADE")
    op.execute("DROP FUNCTION guard_release() CASCADE")
    for event in COUNTED:
        op.execute(f"DROP FUNCTION count_duty_{event}() CASCADE")
