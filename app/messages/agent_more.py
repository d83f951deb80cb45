"""What else is mine: wishes, care partners."""

MESSAGES: dict[str, tuple[str, str]] = {
    "agent_more.title": ("Mehr", "More"),
    "agent_more.wishes": ("Dauerhafte Wünsche", "Lasting wishes"),
    "agent_more.home": ("Arbeiten im Homeoffice", "Working from home"),
    "agent_more.home.none": ("nein, immer am Standort", "no, always on site"),
    "agent_more.home.allowed": ("möglich", "possible"),
    "agent_more.home.preferred": ("am liebsten", "preferred"),
    "agent_more.home.only": ("nur zu Hause", "only at home"),
    "agent_more.clearance": ("Freigabe Homeoffice", "Home-office clearance"),
    "agent_more.clearance.from_to": ("gültig vom {first} bis {last}", "valid from {first} to {last}"),
    "agent_more.clearance.none": (
        "Sie haben heute keine gültige Freigabe. Ihr Wunsch zählt, sobald eine Freigabe gilt; fragen Sie danach die "
        "Standortleitung.",
        "You have no valid clearance today. Your wish counts once a clearance is valid; ask your site manager for it.",
    ),
    "agent_more.clearance.whole_week": (
        "Geplant wird zu Hause nur in Wochen, in denen die Freigabe an allen Tagen gilt.",
        "You are planned at home only in weeks on all of whose days the clearance is valid.",
    ),
    "agent_more.blocks": ("Arbeit am Tag", "Work on a day"),
    "agent_more.blocks.1": ("in einem Stück", "in one stretch"),
    "agent_more.blocks.2": ("auch in zwei Blöcken mit langer Pause", "also in two blocks with a long pause"),
    "agent_more.wishes_saved": ("Ihre Wünsche sind gespeichert.", "Your wishes are saved."),
    "agent_more.garbled": (
        "Das Formular ist unvollständig angekommen. Bitte wählen Sie noch einmal.",
        "The form arrived incomplete. Please choose again.",
    ),
    "agent_more.care_lead": (
        "Zwei, die sich Betreuung teilen, arbeiten nie gleichzeitig.",
        "Two who share care never work at the same time.",
    ),
    "agent_more.notify_lead": (
        "Was sich für Sie geändert hat; Mail und Ruhezeiten.",
        "What has changed for you; mail and quiet hours.",
    ),
    "agent_more.calendar_lead": (
        "Ihre Dienste im Kalender Ihres Telefons.",
        "Your duties in the calendar of your phone.",
    ),
    "agent_more.account": ("Konto und Kennwort", "Account and password"),
    "agent_more.language_hint": ("Alle Seiten auf Deutsch oder Englisch.", "All pages in German or English."),
    "agent_more.partner.title": ("Betreuungspartner", "Care partners"),
    "agent_more.partner.lead": (
        "Wenn Sie sich Kinderbetreuung oder Pflege mit jemandem teilen, plant Abstand Sie beide nie zur selben Zeit "
        "ein. Es gilt, sobald beide bestätigt haben. Niemand sonst sieht diese Seite, auch die Standortleitung nicht; "
        "die Planung hält die Zeiten getrennt, ohne den Grund zu kennen.",
        "If you share child care or nursing with somebody, Abstand never plans the two of you at the same time. It "
        "holds once both have confirmed. Nobody else sees this page, not even your site manager; planning keeps the "
        "times apart without knowing why.",
    ),
    "agent_more.partner.none": ("Sie haben niemanden eingetragen.", "You have entered nobody."),
    "agent_more.partner.in_force": ("gilt, beide haben bestätigt", "holds, both have confirmed"),
    "agent_more.partner.waiting": ("wartet auf die Bestätigung der anderen Person", "waits for the other to confirm"),
    "agent_more.partner.asks_you": ("fragt Sie", "asks you"),
    "agent_more.partner.handover": ("{minutes} min Übergabe", "{minutes} min handover"),
    "agent_more.partner.confirm": ("Bestätigen", "Confirm"),
    "agent_more.partner.decline": ("Ablehnen", "Decline"),
    "agent_more.partner.take_back": ("Zurückziehen", "Take back"),
    "agent_more.partner.end": ("Beenden …", "End …"),
    "agent_more.partner.end_lead": (
        "Danach können Sie und {name} wieder zur selben Zeit eingeplant werden.",
        "After that you and {name} can be planned at the same time again.",
    ),
    "agent_more.partner.end_now": ("Jetzt beenden", "End it now"),
    "agent_more.partner.ask": ("Jemanden eintragen", "Enter somebody"),
    "agent_more.partner.number": ("Personalnummer der anderen Person", "The other person's staff number"),
    "agent_more.partner.number_hint": (
        "So, wie sie in Listen steht; die andere Person findet ihre auf dieser Seite.",
        "As it stands in lists; the other person finds theirs on this page.",
    ),
    "agent_more.partner.own_number": ("Ihre eigene Personalnummer: {number}", "Your own staff number: {number}"),
    "agent_more.partner.handover_minutes": ("Zeit für die Übergabe", "Time for the handover"),
    "agent_more.partner.send": ("Fragen", "Ask"),
    "agent_more.partner.asked": (
        "Eingetragen. Es gilt, sobald die andere Person bestätigt.",
        "Entered. It holds once the other person confirms.",
    ),
    "agent_more.partner.confirmed": (
        "Bestätigt. Sie beide werden nie zur selben Zeit eingeplant.",
        "Confirmed. You two are never planned at the same time.",
    ),
    "agent_more.partner.ended": ("Beendet.", "Ended."),
    "agent_more.partner.gone": ("Das war schon beendet.", "That had ended already."),
    "agent_more.partner.handover_range": (
        "Die Übergabe dauert 0 bis {most} Minuten, in Schritten von 15.",
        "A handover takes 0 to {most} minutes, in steps of 15.",
    ),
    "agent_more.partner.unknown": (
        "Die Personalnummer „{number}“ gibt es an Ihrem Standort nicht. Bitte prüfen Sie sie.",
        "There is no staff number “{number}” at your site. Please check it.",
    ),
    "agent_more.partner.yourself": ("Das ist Ihre eigene Personalnummer.", "That is your own staff number."),
    "agent_more.partner.exists": ("Das steht schon in der Liste.", "That is in the list already."),
    "agent_more.partner.too_many": (
        "Mehr als {most} Personen können Sie nicht eintragen. Beenden Sie zuerst einen Eintrag.",
        "You cannot enter more than {most} people. End one entry first.",
    ),
}
BUILT = ("agent_more.home.", "agent_more.blocks.")
