"""sealed notes of agents about their own windows

Revision: 0007, after: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('own_mark',
    sa.Column('agent_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['agent_id'], ['agent.id'], name=op.f('fk_own_mark_agent_id')),
    sa.PrimaryKeyConstraint('agent_id', name=op.f('pk_own_mark'))
    )


def downgrade() -> None:
    op.drop_table('own_mark')
