"""Signing in, the own account."""

MESSAGES: dict[str, tuple[str, str]] = {
    "auth.title": ("Anmelden", "Sign in"),
    "auth.lead": (
        "Dienste, Plätze und Abstand an einem Ort.",
        "Duties, desks and distance in one place.",
    ),
    "auth.login_name": ("Benutzername", "User name"),
    "auth.password": ("Kennwort", "Password"),
    "auth.sign_in": ("Anmelden", "Sign in"),
    "auth.wrong": (
        "Benutzername und Kennwort passen nicht zusammen, oder das Konto ist gesperrt.",
        "User name and password do not match, or the account is closed.",
    ),
    "auth.throttled": (
        "Zu viele Versuche. Bitte warten Sie {minutes} Minuten und versuchen Sie es dann erneut.",
        "Too many attempts. Please wait {minutes} minutes and then try again.",
    ),
    "auth.signed_out": ("Sie sind abgemeldet.", "You are signed out."),
    "auth.sign_in_first": ("Bitte melden Sie sich zuerst an.", "Please sign in first."),
    "auth.account.title": ("Mein Konto", "My account"),
    "auth.account.role": ("Rolle", "Role"),
    "auth.account.site": ("Standort", "Site"),
    "auth.password.title": ("Kennwort ändern", "Change the password"),
    "auth.password.must": (
        "Bitte ersetzen Sie das vorläufige Kennwort durch ein eigenes.",
        "Please replace the temporary password by one of your own.",
    ),
    "auth.password.current": ("Bisheriges Kennwort", "Current password"),
    "auth.password.new": ("Neues Kennwort", "New password"),
    "auth.password.again": ("Neues Kennwort noch einmal", "New password once more"),
    "auth.password.hint": (
        "Mindestens {length} Zeichen; ein kurzer Satz ist gut.",
        "At least {length} characters; a short sentence is good.",
    ),
    "auth.password.wrong": ("Das bisherige Kennwort stimmt nicht.", "The current password is wrong."),
    "auth.password.short": (
        "Das neue Kennwort braucht mindestens {length} Zeichen.",
        "The new password needs at least {length} characters.",
    ),
    "auth.password.long": (
        "Das neue Kennwort darf höchstens {length} Zeichen haben.",
        "The new password may have at most {length} characters.",
    ),
    "auth.password.differs": ("Die beiden neuen Kennwörter sind verschieden.", "The two new passwords differ."),
    "auth.password.same": (
        "Das neue Kennwort ist das bisherige; bitte wählen Sie ein anderes.",
        "The new password is the current one; please choose another.",
    ),
    "auth.password.changed": (
        "Das Kennwort ist geändert; andere Sitzungen sind beendet.",
        "The password is changed; other sessions have ended.",
    ),
}
