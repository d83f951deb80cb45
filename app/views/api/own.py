"""Whom a token speaks for, and the person's tokens."""

from __future__ import annotations

from app.models import Role, Scope
from app.services import api_tokens
from app.views.api.operation import ANY_ROLE, Answer, Call, operation
from app.views.api.schema import Output, local


class MeTold(Output):
    """The person, and what this token may be used for."""

    login_name: str
    role: Role
    site: str | None
    agent: str | None
    time_zone: str | None
    token: int
    scopes: list[Scope]
    expires: str


class TokenTold(Output):
    """A token of the person, without the token itself."""

    id: int
    name: str
    scopes: list[Scope]
    created: str
    expires: str
    last_used: str | None
    revoked: str | None


class TokensTold(Output):
    """All tokens of the person, the newest first."""

    tokens: list[TokenTold]


@operation("GET", "/me", None, ANY_ROLE, answer=MeTold)
def who_am_i(call: Call) -> Answer:
    """Whom the token speaks for, and what it may be used for."""
    person = call.bearer
    return Answer(
        MeTold(
            login_name=person.login_name,
            role=person.role,
            site=person.site_key,
            agent=person.agent_key,
            time_zone=person.time_zone,
            token=person.token_id,
            scopes=[scope for scope in Scope if scope in person.scopes],
            expires=local(person.expires_at, call.zone),
        )
    )


@operation("GET", "/me/tokens", None, ANY_ROLE, answer=TokensTold)
def list_tokens(call: Call) -> Answer:
    """The person's tokens, without the tokens themselves."""
    tokens = api_tokens.tokens_of(call.session, call.bearer.user_id)
    return Answer(
        TokensTold(
            tokens=[
                TokenTold(
                    id=token.id,
                    name=token.name,
                    scopes=token.scopes,
                    created=local(token.created_at, call.zone),
                    expires=local(token.expires_at, call.zone),
                    last_used=None if token.last_used_at is None else local(token.last_used_at, call.zone),
                    revoked=None if token.revoked_at is None else local(token.revoked_at, call.zone),
                )
                for token in tokens
            ]
        )
    )


@operation("DELETE", "/me/tokens/<int:token_id>", None, ANY_ROLE)
def revoke_token(call: Call, token_id: int) -> Answer:
    """End one of the person's tokens; doing it again changes nothing."""
    api_tokens.revoke(call.session, call.actor, call.now, token_id, user_id=call.bearer.user_id)
    return Answer()
