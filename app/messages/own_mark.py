"""What an agent notes for itself, and duties that lie in blocked time."""

MESSAGES: dict[str, tuple[str, str]] = {
    "own_mark.name": ("Kinderbetreuung", "Childcare"),
    "own_mark.tick": ("Als Kinderbetreuung merken: {window}", "Note as childcare: {window}"),
    "own_mark.untick": (
        "Nicht mehr als Kinderbetreuung merken: {window}",
        "No longer note as childcare: {window}",
    ),
    "own_mark.lead": (
        "Das Häkchen „Kinderbetreuung“ sehen nur Sie. Es liegt verschlüsselt, steht in keiner Datei und ändert an "
        "der Planung nichts.",
        "Only you see the tick “Childcare”. It is kept encrypted, goes into no file and changes nothing in planning.",
    ),
    "own_mark.unreadable": (
        "Ihre Häkchen sind nicht mehr lesbar, weil der Schlüssel der Anwendung gewechselt hat. Setzen Sie sie neu.",
        "Your ticks can no longer be read, because the application's key has been changed. Please set them again.",
    ),
    "own_mark.ticked": ("Gemerkt, nur für Sie.", "Noted, for you alone."),
    "own_mark.unticked": ("Das Häkchen ist weg.", "The tick is gone."),
    "own_mark.also": (
        "Für mich als Kinderbetreuung merken (sehen nur Sie)",
        "Note as childcare for myself (only you see it)",
    ),
    "own_mark.away": ("Nicht da", "Away"),
    "own_mark.away_lead": (
        "Sperrt alle Tage von bis. Warum, fragt niemand und steht nirgends.",
        "Blocks all days from to. Nobody asks why, and it is written nowhere.",
    ),
    "own_mark.duties_stay": (
        "In gesperrter Zeit liegt ein Dienst von Ihnen: {duties}. Er bleibt, bis Sie ihn absagen oder abgeben.",
        "A duty of yours lies in blocked time: {duties}. It stays until you cancel it or give it away.",
    ),
    "own_mark.to_duties": ("Zu meinen Diensten", "To my duties"),
}
