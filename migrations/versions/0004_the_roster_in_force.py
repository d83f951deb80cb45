"""the roster in force

Revision: 0004, after: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('booking_terms',
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('most_bookings_per_week', sa.Integer(), nullable=True),
    sa.Column('cancel_hours_before', sa.Integer(), nullable=False),
    sa.Column('offer_minutes', sa.Integer(), nullable=False),
    sa.Column('swap_offer_hours', sa.Integer(), nullable=False),
    sa.Column('swaps_need_approval', sa.Boolean(), nullable=False),
    sa.CheckConstraint('cancel_hours_before >= 0', name=op.f('ck_booking_terms_cancel_hours_before')),
    sa.CheckConstraint('most_bookings_per_week IS NULL OR most_bookings_per_week >= 0', name=op.f('ck_booking_terms_most_bookings')),
    sa.CheckConstraint('offer_minutes >= 1', name=op.f('ck_booking_terms_offer_minutes')),
    sa.CheckConstraint('swap_offer_hours >= 1', name=op.f('ck_booking_terms_swap_offer_hours')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_booking_terms_site_id')),
    sa.PrimaryKeyConstraint('site_id', name=op.f('pk_booking_terms'))
    )
    op.create_table('open_shift',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('week_id', sa.Integer(), nullable=False),
    sa.Column('queue_id', sa.Integer(), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('breaks', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('serves', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('origin', sa.Enum('requirement', 'gap', 'absence', name='origin', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('places >= 1', name=op.f('ck_open_shift_places')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_open_shift_span')),
    sa.CheckConstraint('taken >= 0 AND taken <= places', name=op.f('ck_open_shift_taken')),
    sa.ForeignKeyConstraint(['queue_id'], ['queue.id'], name=op.f('fk_open_shift_queue_id')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_open_shift_site_id')),
    sa.ForeignKeyConstraint(['week_id'], ['week.id'], name=op.f('fk_open_shift_week_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_open_shift'))
    )
    with op.batch_alter_table('open_shift', schema=None) as batch_op:
        batch_op.create_index('ix_open_shift_week', ['week_id', 'starts_at'], unique=False)

    op.create_table('swap_offer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('week_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('swap', 'give_away', name='kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('state', sa.Enum('open', 'answered', 'accepted', 'done', 'declined', 'withdrawn', 'lapsed', 'outdated', name='state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('from_agent_id', sa.Integer(), nullable=False),
    sa.Column('duty_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('to_agent_id', sa.Integer(), nullable=True),
    sa.Column('wanted_duty_id', sa.Integer(), nullable=True),
    sa.Column('partner_agent_id', sa.Integer(), nullable=True),
    sa.Column('partner_duty_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind = 'swap' OR wanted_duty_id IS NULL", name=op.f('ck_swap_offer_wanted_duty')),
    sa.ForeignKeyConstraint(['from_agent_id'], ['agent.id'], name=op.f('fk_swap_offer_from_agent_id')),
    sa.ForeignKeyConstraint(['partner_agent_id'], ['agent.id'], name=op.f('fk_swap_offer_partner_agent_id')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_swap_offer_site_id')),
    sa.ForeignKeyConstraint(['to_agent_id'], ['agent.id'], name=op.f('fk_swap_offer_to_agent_id')),
    sa.ForeignKeyConstraint(['week_id'], ['week.id'], name=op.f('fk_swap_offer_week_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_swap_offer'))
    )
    with op.batch_alter_table('swap_offer', schema=None) as batch_op:
        batch_op.create_index('ix_swap_offer_duty', ['duty_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_swap_offer_from_agent_id'), ['from_agent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_swap_offer_partner_agent_id'), ['partner_agent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_swap_offer_site_id'), ['site_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_swap_offer_to_agent_id'), ['to_agent_id'], unique=False)
        batch_op.create_index('uq_swap_offer_active', ['duty_id'], unique=True, sqlite_where=sa.text("state IN ('open', 'answered', 'accepted')"), postgresql_where=sa.text("state IN ('open', 'answered', 'accepted')"))

    op.create_table('waiting_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('open_shift_id', sa.Integer(), nullable=False),
    sa.Column('agent_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'offered', 'booked', 'lapsed', 'left', name='state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('since_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('offer_ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'offered') <= (offer_ends_at IS NOT NULL)", name=op.f('ck_waiting_entry_offer_ends_at')),
    sa.ForeignKeyConstraint(['agent_id'], ['agent.id'], name=op.f('fk_waiting_entry_agent_id')),
    sa.ForeignKeyConstraint(['open_shift_id'], ['open_shift.id'], name=op.f('fk_waiting_entry_open_shift_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiting_entry')),
    sa.UniqueConstraint('open_shift_id', 'agent_id', name=op.f('uq_waiting_entry_open_shift_id_agent_id'))
    )
    with op.batch_alter_table('waiting_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_waiting_entry_agent_id'), ['agent_id'], unique=False)

    op.create_table('idempotency_key',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('request_hash', sa.String(length=64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('answer', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_idempotency_key_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'key', name=op.f('pk_idempotency_key'))
    )
    op.create_table('offer_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('offer_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('open', 'answered', 'accepted', 'done', 'declined', 'withdrawn', 'lapsed', 'outdated', name='state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['offer_id'], ['swap_offer.id'], name=op.f('fk_offer_event_offer_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_offer_event_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offer_event'))
    )
    with op.batch_alter_table('offer_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_offer_event_offer_id'), ['offer_id'], unique=False)

    op.create_table('outbox_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('recipient_user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('facts', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['recipient_user_id'], ['user_account.id'], name=op.f('fk_outbox_message_recipient_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_message'))
    )
    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outbox_message_recipient_user_id'), ['recipient_user_id'], unique=False)
        batch_op.create_index('ix_outbox_message_unsent', ['sent_at', 'created_at'], unique=False)

    op.create_table('roster_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('week_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('before', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('after', sa.JSON(none_as_null=True), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_roster_change_site_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_roster_change_user_id')),
    sa.ForeignKeyConstraint(['week_id'], ['week.id'], name=op.f('fk_roster_change_week_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_change'))
    )
    with op.batch_alter_table('roster_change', schema=None) as batch_op:
        batch_op.create_index('ix_roster_change_week', ['week_id', 'happened_at'], unique=False)

    op.create_table('live_week',
    sa.Column('week_id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=True),
    sa.Column('min_distance_m', sa.Float(), nullable=False),
    sa.Column('cleaning_gap_minutes', sa.Integer(), nullable=False),
    sa.Column('most_on_site', sa.Integer(), nullable=True),
    sa.Column('booking_opens_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('cleaning_gap_minutes >= 0', name=op.f('ck_live_week_cleaning_gap_minutes')),
    sa.CheckConstraint('min_distance_m >= 0', name=op.f('ck_live_week_min_distance_m')),
    sa.CheckConstraint('most_on_site IS NULL OR most_on_site >= 0', name=op.f('ck_live_week_most_on_site')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_live_week_site_id')),
    sa.ForeignKeyConstraint(['version_id'], ['roster_version.id'], name=op.f('fk_live_week_version_id')),
    sa.ForeignKeyConstraint(['week_id'], ['week.id'], name=op.f('fk_live_week_week_id')),
    sa.PrimaryKeyConstraint('week_id', name=op.f('pk_live_week'))
    )
    with op.batch_alter_table('live_week', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_live_week_site_id'), ['site_id'], unique=False)

    op.create_table('live_room',
    sa.Column('week_id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('most_persons', sa.Integer(), nullable=False),
    sa.CheckConstraint('most_persons >= 0', name=op.f('ck_live_room_most_persons')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_live_room_room_id')),
    sa.ForeignKeyConstraint(['week_id'], ['live_week.week_id'], name=op.f('fk_live_room_week_id')),
    sa.PrimaryKeyConstraint('week_id', 'room_id', name=op.f('pk_live_room'))
    )
    op.create_table('released_desk',
    sa.Column('week_id', sa.Integer(), nullable=False),
    sa.Column('desk_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['desk_id'], ['desk.id'], name=op.f('fk_released_desk_desk_id')),
    sa.ForeignKeyConstraint(['week_id'], ['live_week.week_id'], name=op.f('fk_released_desk_week_id')),
    sa.PrimaryKeyConstraint('week_id', 'desk_id', name=op.f('pk_released_desk'))
    )
    with op.batch_alter_table('released_desk', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_released_desk_desk_id'), ['desk_id'], unique=False)

    op.create_table('current_duty',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('week_id', sa.Integer(), nullable=False),
    sa.Column('agent_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('place', sa.Enum('site', 'home', name='place', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('desk_id', sa.Integer(), nullable=True),
    sa.Column('room_id', sa.Integer(), nullable=True),
    sa.Column('breaks', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('serves', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('source', sa.Enum('published', 'booked', 'swapped', 'taken_over', 'edited', name='source', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('open_shift_id', sa.Integer(), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(place = 'site') = (desk_id IS NOT NULL)", name=op.f('ck_current_duty_desk_of_place')),
    sa.CheckConstraint('(desk_id IS NULL) = (room_id IS NULL)', name=op.f('ck_current_duty_room_of_desk')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_current_duty_span')),
    sa.ForeignKeyConstraint(['agent_id'], ['agent.id'], name=op.f('fk_current_duty_agent_id')),
    sa.ForeignKeyConstraint(['desk_id'], ['desk.id'], name=op.f('fk_current_duty_desk_id')),
    sa.ForeignKeyConstraint(['open_shift_id'], ['open_shift.id'], name=op.f('fk_current_duty_open_shift_id')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_current_duty_room_id')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_current_duty_site_id')),
    sa.ForeignKeyConstraint(['week_id', 'desk_id'], ['released_desk.week_id', 'released_desk.desk_id'], name=op.f('fk_current_duty_week_id_desk_id')),
    sa.ForeignKeyConstraint(['week_id'], ['live_week.week_id'], name=op.f('fk_current_duty_week_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_current_duty')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('current_duty', schema=None) as batch_op:
        batch_op.create_index('ix_current_duty_agent', ['agent_id', 'ends_at'], unique=False)
        batch_op.create_index('ix_current_duty_desk', ['desk_id', 'ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_current_duty_open_shift_id'), ['open_shift_id'], unique=False)
        batch_op.create_index('ix_current_duty_room', ['room_id', 'ends_at'], unique=False)
        batch_op.create_index('ix_current_duty_site', ['site_id', 'ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_current_duty_week_id'), ['week_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('current_duty', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_current_duty_week_id'))
        batch_op.drop_index('ix_current_duty_site')
        batch_op.drop_index('ix_current_duty_room')
        batch_op.drop_index(batch_op.f('ix_current_duty_open_shift_id'))
        batch_op.drop_index('ix_current_duty_desk')
        batch_op.drop_index('ix_current_duty_agent')

    op.drop_table('current_duty')
    with op.batch_alter_table('released_desk', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_released_desk_desk_id'))

    op.drop_table('released_desk')
    op.drop_table('live_room')
    with op.batch_alter_table('live_week', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_live_week_site_id'))

    op.drop_table('live_week')
    with op.batch_alter_table('roster_change', schema=None) as batch_op:
        batch_op.drop_index('ix_roster_change_week')

    op.drop_table('roster_change')
    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_message_unsent')
        batch_op.drop_index(batch_op.f('ix_outbox_message_recipient_user_id'))

    op.drop_table('outbox_message')
    with op.batch_alter_table('offer_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_offer_event_offer_id'))

    op.drop_table('offer_event')
    op.drop_table('idempotency_key')
    with op.batch_alter_table('waiting_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_waiting_entry_agent_id'))

    op.drop_table('waiting_entry')
    with op.batch_alter_table('swap_offer', schema=None) as batch_op:
        batch_op.drop_index('uq_swap_offer_active', sqlite_where=sa.text("state IN ('open', 'answered', 'accepted')"), postgresql_where=sa.text("state IN ('open', 'answered', 'accepted')"))
        batch_op.drop_index(batch_op.f('ix_swap_offer_to_agent_id'))
        batch_op.drop_index(batch_op.f('ix_swap_offer_site_id'))
        batch_op.drop_index(batch_op.f('ix_swap_offer_partner_agent_id'))
        batch_op.drop_index(batch_op.f('ix_swap_offer_from_agent_id'))
        batch_op.drop_index('ix_swap_offer_duty')

    op.drop_table('swap_offer')
    with op.batch_alter_table('open_shift', schema=None) as batch_op:
        batch_op.drop_index('ix_open_shift_week')

    op.drop_table('open_shift')
    op.drop_table('booking_terms')
