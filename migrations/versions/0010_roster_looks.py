"""how far managers have followed the changes of a roster in force

Revision: 0010, after: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('roster_look',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('week_id', sa.Integer(), nullable=False),
    sa.Column('change_id', sa.Integer(), nullable=False),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_roster_look_user_id')),
    sa.ForeignKeyConstraint(['week_id'], ['week.id'], name=op.f('fk_roster_look_week_id')),
    sa.PrimaryKeyConstraint('user_id', 'week_id', name=op.f('pk_roster_look'))
    )


def downgrade() -> None:
    op.drop_table('roster_look')
