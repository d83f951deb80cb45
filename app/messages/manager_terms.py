"""A site's terms of booking and swapping."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_terms.title": ("Buchungsregeln", "Booking terms"),
    "manager_terms.lead": (
        "Sie gelten am ganzen Standort ab sofort, nicht für das, was schon gebucht oder angeboten ist.",
        "They hold for the whole site from now on, not for what has been booked or offered already.",
    ),
    "manager_terms.booking": ("Buchen", "Booking"),
    "manager_terms.most": ("Buchungen je Person und Woche höchstens", "Bookings per person and week at most"),
    "manager_terms.most.hint": ("Leer: keine Grenze. 0: niemand bucht selbst.", "Empty: no limit. 0: nobody books."),
    "manager_terms.cancel": ("Absagen bis … Stunden vor Beginn", "Cancel until … hours before the start"),
    "manager_terms.cancel.hint": (
        "Danach bleiben Abgeben, Tauschen und »Ich kann nicht kommen«.",
        "After that there are giving away, swapping and “I cannot come”.",
    ),
    "manager_terms.offer": ("Ein Angebot gilt … Minuten", "An offer holds for … minutes"),
    "manager_terms.offer.hint": (
        "Für Wartende und für angefragte Vertretungen; danach kommt die nächste Person dran.",
        "For those who wait and those asked to stand in; then it is the next person's turn.",
    ),
    "manager_terms.swaps": ("Tauschen und Abgeben", "Swapping and giving away"),
    "manager_terms.swap_offer": ("Ein Tauschangebot gilt … Stunden", "A swap offer holds for … hours"),
    "manager_terms.swap_offer.hint": ("Höchstens bis zum Beginn des Dienstes.", "At most until the duty begins."),
    "manager_terms.approval": ("Jeder Tausch braucht meine Zustimmung", "Every swap needs my approval"),
}
