"""Closing desks and rooms."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_closing.title": ("{name} sperren", "Close {name}"),
    "manager_closing.close": ("Sperren", "Close"),
    "manager_closing.close_room": ("Raum sperren", "Close the room"),
    "manager_closing.change": ("Ändern", "Change"),
    "manager_closing.affected": ("Wen es betrifft", "Whom it affects"),
    "manager_closing.moves": (
        "Setzt {people} Personen um ({duties} Dienste) und streicht keinen Dienst.",
        "Moves {people} people ({duties} duties) and cancels none.",
    ),
    "manager_closing.nobody": (
        "Setzt niemanden um und streicht keinen Dienst.",
        "Moves nobody and cancels nothing.",
    ),
    "manager_closing.nowhere": (
        "Für {count} Dienste gibt es keinen anderen Platz. Es wird nichts gesperrt:",
        "There is no other desk for {count} duties. Nothing is closed:",
    ),
    "manager_closing.nowhere.lead": (
        "Geben Sie diese Dienste jemandem zu Hause, verschieben Sie sie, oder sperren Sie später.",
        "Give these duties to somebody at home, move them, or close later.",
    ),
    "manager_closing.begun": (
        "Wer gerade dort arbeitet, bleibt bis zum Ende des Dienstes.",
        "Whoever works there now stays until the end of the duty.",
    ),
    "manager_closing.until": (
        "Gesperrt bleibt, bis Sie wieder freigeben; geplant und gebucht wird dort so lange nicht.",
        "It stays closed until you allow it again; until then nobody is planned or books there.",
    ),
    "manager_closing.button": ("{name} sperren", "Close {name}"),
    "manager_closing.who": ("Wer wohin umzieht", "Who moves where"),
    "manager_closing.closed": (
        "Gesperrt. Umgesetzt: {people} Personen, {duties} Dienste.",
        "Closed. Moved: {people} people, {duties} duties.",
    ),
    "manager_closing.closed_already": ("Das ist schon gesperrt.", "This is closed already."),
    "manager_closing.open_already": ("Das ist nicht gesperrt.", "This is not closed."),
    "manager_closing.reopen": ("Wieder freigeben", "Allow again"),
    "manager_closing.reopen_room": (
        "Gesperrte Plätze wieder freigeben ({count})",
        "Allow closed desks again ({count})",
    ),
    "manager_closing.reopened": ("Nicht mehr gesperrt: {desks}.", "No longer closed: {desks}."),
    "manager_closing.reopened_later": (
        "Für {desks} davon ist inzwischen ein Platz zu nah freigegeben; darüber entscheidet der nächste Plan.",
        "For {desks} of them a desk too close was released meanwhile; the next plan decides between them.",
    ),
}
