"""A site's mark changes with the desks that a week releases too, so that they need not be read with every booking.

Revision: 0012, after: 0011
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

EVENTS = {"INSERT": "NEW", "DELETE": "OLD"}
"""Rows of released desks are only inserted and deleted."""
SITE = "(SELECT site_id FROM live_week WHERE week_id = {row}.week_id)"


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    drawn = "lower(hex(randomblob(16)))" if on_sqlite else "gen_random_uuid()::text"
    for event, row in EVENTS.items():
        name = f"tr_released_desk_mark_{event.lower()}"
        change = f"UPDATE site_mark SET mark = {drawn} WHERE site_id = {SITE.format(row=row)}; "
        if on_sqlite:
            op.execute(f"CREATE TRIGGER {name} AFTER {event} ON released_desk BEGIN {change}END")
            continue
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {change}RETURN NULL; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} AFTER {event} ON released_desk FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for event in EVENTS:
        name = f"tr_released_desk_mark_{event.lower()}"
        op.execute(f"DROP TRIGGER {name}" if on_sqlite else f"DROP FUNCTION {name}() CASCADE")
