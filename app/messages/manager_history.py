"""What happened to a roster in force."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_history.title": ("Änderungen", "Changes"),
    "manager_history.at": ("Zeitpunkt", "Moment"),
    "manager_history.kind": ("Was", "What"),
    "manager_history.who": ("Von", "By"),
    "manager_history.nobody": ("selbsttätig", "automatic"),
    "manager_history.new": ("neu", "new"),
    "manager_history.now": ("jetzt", "now"),
    "manager_history.none": ("Noch nichts geändert", "Nothing changed yet"),
    "manager_history.none.lead": (
        "Buchungen, Tausche, Ausfälle und Ihre eigenen Änderungen stehen hier, ohne Gründe.",
        "Bookings, swaps, absences and your own changes stand here, without reasons.",
    ),
    "manager_history.undo": ("Zurücknehmen", "Undo"),
    "manager_history.undone": (
        "Zurückgenommen; es gilt wieder, was vorher war.",
        "Taken back; what was before holds again.",
    ),
    "manager_history.undo_refused": (
        "Das lässt sich nicht zurücknehmen. {why}",
        "This cannot be taken back. {why}",
    ),
    "manager_history.not_undoable": (
        "Nur eigene Änderungen der Standortleitung lassen sich hier zurücknehmen.",
        "Only a manager's own changes can be taken back here.",
    ),
    "manager_history.kind.absent": ("kann nicht kommen", "cannot come"),
    "manager_history.kind.added": ("Dienst gegeben", "duty added"),
    "manager_history.kind.booked": ("gebucht", "booked"),
    "manager_history.kind.cancelled": ("Buchung abgesagt", "booking cancelled"),
    "manager_history.kind.edited": ("Dienst geändert", "duty changed"),
    "manager_history.kind.given_away": ("Dienst abgegeben", "duty given away"),
    "manager_history.kind.moved": ("Platz gewechselt", "desk changed"),
    "manager_history.kind.removed": ("Dienst gestrichen", "duty removed"),
    "manager_history.kind.swapped": ("Dienste getauscht", "duties swapped"),
}
BUILT = ("manager_history.kind.",)
