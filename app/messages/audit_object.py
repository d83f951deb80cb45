"""What an event of the audit record was done to."""

MESSAGES: dict[str, tuple[str, str]] = {
    "audit_object.agent": ("Agent", "agent"),
    "audit_object.audit_event": ("Protokoll", "audit"),
    "audit_object.desk": ("Platz", "desk"),
    "audit_object.mail": ("Mail", "mail"),
    "audit_object.plan_job": ("Planung", "planning"),
    "audit_object.queue": ("Warteschlange", "queue"),
    "audit_object.retention": ("Aufbewahrung", "retention"),
    "audit_object.site": ("Standort", "site"),
    "audit_object.user_account": ("Benutzerkonto", "user account"),
    "audit_object.week": ("Woche", "week"),
}
BUILT = ("audit_object.",)
