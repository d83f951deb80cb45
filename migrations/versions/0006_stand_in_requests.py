"""asking people to stand in

Revision: 0006, after: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('stand_in_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('open_shift_id', sa.Integer(), nullable=False),
    sa.Column('agent_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('asked', 'accepted', 'declined', 'over', name='state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agent_id'], ['agent.id'], name=op.f('fk_stand_in_request_agent_id')),
    sa.ForeignKeyConstraint(['open_shift_id'], ['open_shift.id'], name=op.f('fk_stand_in_request_open_shift_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stand_in_request')),
    sa.UniqueConstraint('open_shift_id', 'agent_id', name=op.f('uq_stand_in_request_open_shift_id_agent_id'))
    )
    with op.batch_alter_table('stand_in_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stand_in_request_agent_id'), ['agent_id'], unique=False)


def downgrade() -> None:
    op.drop_table('stand_in_request')
