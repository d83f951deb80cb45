"""What the audit record tells of."""

MESSAGES: dict[str, tuple[str, str]] = {
    "audit_action.agent.changed": ("Vertrag oder Fähigkeiten geändert", "Contract or skills changed"),
    "audit_action.agent.wishes_changed": ("Dauerhafte Wünsche geändert", "Lasting wishes changed"),
    "audit_action.audit.viewed": ("Protokoll angesehen", "Audit viewed"),
    "audit_action.availability.changed": ("Verfügbarkeit geändert", "Availability changed"),
    "audit_action.availability.confirmed": ("Verfügbarkeit bestätigt", "Availability confirmed"),
    "audit_action.calls.imported": ("Anrufe importiert", "Calls imported"),
    "audit_action.clearance.added": ("Freigabe für Homeoffice erteilt", "Clearance for home added"),
    "audit_action.clearance.ended": ("Freigabe für Homeoffice beendet", "Clearance for home ended"),
    "audit_action.plan.requested": ("Planung angefordert", "Plan requested"),
    "audit_action.plan.stopped": ("Planung beendet", "Plan stopped"),
    "audit_action.queue.changed": ("Ziele einer Warteschlange geändert", "Targets of a queue changed"),
    "audit_action.roster.booked": ("Dienst gebucht", "Duty booked"),
    "audit_action.roster.cancelled": ("Buchung abgesagt", "Booking cancelled"),
    "audit_action.user.closed": ("Konto geschlossen", "Account closed"),
    "audit_action.user.created": ("Konto angelegt", "Account created"),
    "audit_action.user.opened": ("Konto geöffnet", "Account opened"),
    "audit_action.user.password_changed": ("Kennwort geändert", "Password changed"),
    "audit_action.user.password_reset": ("Kennwort zurückgesetzt", "Password reset"),
    "audit_action.user.signed_in": ("Angemeldet", "Signed in"),
    "audit_action.week.created": ("Woche angelegt", "Week created"),
    "audit_action.week.opened": ("Woche zum Buchen geöffnet", "Week opened for booking"),
    "audit_action.week.published": ("Dienstplan veröffentlicht", "Roster published"),
}
BUILT = ("audit_action.",)
