"""Tokens for the JSON API, as the command line makes them and the audit record tells of them."""

MESSAGES: dict[str, tuple[str, str]] = {
    "api_token.no_user": (
        "Ein Konto „{user}“ gibt es nicht, oder es ist geschlossen. Benutzernamen stehen unter „Personen“.",
        "There is no account “{user}”, or it is closed. The names are on the page “People”.",
    ),
    "api_token.no_scope": (
        "Bitte mindestens einen Bereich mit --scope nennen: {known}, oder all für alle.",
        "Please name at least one scope with --scope: {known}, or all for all of them.",
    ),
    "api_token.unknown_scope": (
        "Den Bereich „{scope}“ gibt es nicht. Bereiche: {known}, oder all für alle.",
        "There is no scope “{scope}”. Scopes: {known}, or all for all of them.",
    ),
    "api_token.not_for_role": (
        "Der Bereich {scope} nützt der Rolle {role} nichts. Bereiche dieser Rolle: {known}.",
        "The scope {scope} is of no use to the role {role}. Scopes of this role: {known}.",
    ),
    "api_token.days": ("Ein Token gilt 1 bis {most} Tage.", "A token holds for 1 to {most} days."),
    "api_token.created": (
        "Token {number} für {user}, gültig bis {until}, Bereiche: {scopes}. Er wird nur dieses eine Mal gezeigt.",
        "Token {number} for {user}, valid until {until}, scopes: {scopes}. It is shown this once only.",
    ),
    "api_token.none": ("{user} hat keine Token.", "{user} has no tokens."),
    "api_token.line": (
        "{number}\t{state}\tgültig bis {until}\tzuletzt benutzt {used}\t{scopes}\t{name}",
        "{number}\t{state}\tvalid until {until}\tlast used {used}\t{scopes}\t{name}",
    ),
    "api_token.state.valid": ("gültig", "valid"),
    "api_token.state.expired": ("abgelaufen", "expired"),
    "api_token.state.revoked": ("widerrufen", "revoked"),
    "api_token.never": ("nie", "never"),
    "api_token.no_token": ("Einen Token mit der Nummer {number} gibt es nicht.", "There is no token number {number}."),
    "api_token.revoked": (
        "Token {number} gilt ab sofort nicht mehr.",
        "Token {number} is no longer valid from now on.",
    ),
    "audit_action.token.created": ("API-Token erstellt", "API token made"),
    "audit_action.token.revoked": ("API-Token widerrufen", "API token revoked"),
    "audit_action.file.read": ("Planungsdatei durch die API gelesen", "Planning file read through the API"),
    "audit_object.planning_file": ("Planungsdatei", "planning file"),
    "audit_fact.operation": ("Aufruf", "operation"),
    "audit_object.api_token": ("API-Token", "API token"),
    "audit_fact.login_name": ("Benutzername", "account name"),
    "audit_fact.scopes": ("Bereiche", "scopes"),
}
BUILT = ("api_token.state.",)
