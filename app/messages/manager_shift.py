"""One open shift: who could stand in, who was asked, who waits."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_shift.title": ("Schicht", "Shift"),
    "manager_shift.absences": ("Ausfälle", "Absences"),
    "manager_shift.absences.lead": (
        "Dienste, deren Inhaber nicht kommen können. Niemand muss einen Grund nennen, und niemand speichert einen.",
        "Duties whose holders cannot come. Nobody has to give a reason, and nobody keeps one.",
    ),
    "manager_shift.absences.none": ("Kein Dienst ohne Vertretung", "No duty without a stand-in"),
    "manager_shift.absences.none.lead": (
        "Sagt jemand, nicht kommen zu können, steht der Dienst sofort hier.",
        "When somebody says that they cannot come, the duty stands here at once.",
    ),
    "manager_shift.asked.open": ("Offene Anfragen", "Unanswered offers"),
    "manager_shift.find": ("Vertretung finden", "Find a stand-in"),
    "manager_shift.see_answers": ("Antworten ansehen", "See the answers"),
    "manager_shift.closed": ("Diese Schicht ist geschlossen.", "This shift is closed."),
    "manager_shift.all_taken": ("Alle Plätze sind vergeben.", "All places are taken."),
    "manager_shift.answers": ("Angefragt", "Asked"),
    "manager_shift.state.asked": ("noch keine Antwort, gilt bis {at}", "no answer yet, holds until {at}"),
    "manager_shift.state.accepted": ("hat zugesagt", "accepted"),
    "manager_shift.state.declined": ("hat abgelehnt", "declined"),
    "manager_shift.state.over": ("erledigt: jemand anderes war schneller", "settled: somebody else was first"),
    "manager_shift.state.lapsed": ("keine Antwort bis {at}", "no answer until {at}"),
    "manager_shift.holders": ("Vergeben an", "Taken by"),
    "manager_shift.since": ("seit {at}", "since {at}"),
    "manager_shift.holds_offer": ("Angebot bis {at}", "offer until {at}"),
    "manager_shift.candidates": ("Wer einspringen kann", "Who could stand in"),
    "manager_shift.show_candidates": ("Personen zeigen", "Show the people"),
    "manager_shift.inside": ("Innerhalb aller Grenzen ({count})", "Inside all limits ({count})"),
    "manager_shift.nobody_inside": (
        "Für niemanden passt der Dienst ohne Regelverstoß.",
        "The duty fits nobody without breaking a rule.",
    ),
    "manager_shift.order": (
        "Zuerst, wem am meisten Stunden bis zum Vertrag fehlen",
        "Those who lack most hours to their contract come first",
    ),
    "manager_shift.offer_to": ("Anbieten", "Offer to"),
    "manager_shift.was_asked": ("angefragt", "asked"),
    "manager_shift.week_work": ("Arbeit diese Woche", "Work this week"),
    "manager_shift.short": ("Fehlt zum Vertrag", "Short of contract"),
    "manager_shift.at_once": ("Sofort", "At once"),
    "manager_shift.book": ("Eintragen", "Book"),
    "manager_shift.book_for": ("{name} eintragen", "Book {name}"),
    "manager_shift.booked": ("{name} hat den Dienst.", "{name} has the duty."),
    "manager_shift.ask": ("Angebote an die Gewählten senden", "Send offers to those chosen"),
    "manager_shift.ask.hint": (
        "Wer zuerst zusagt, hat den Dienst. Die anderen erfahren, dass er vergeben ist.",
        "The first to accept has the duty. The others are told that it is taken.",
    ),
    "manager_shift.asked": ("Angebote sind unterwegs: {count}.", "Offers are on their way: {count}."),
    "manager_shift.nobody_chosen": (
        "Bitte wählen Sie mindestens eine Person.",
        "Please choose at least one person.",
    ),
    "manager_shift.outside": ("Außerhalb einer Grenze ({count})", "Outside a limit ({count})"),
    "manager_shift.outside.order": (
        "Zuerst, bei wem am wenigsten im Weg steht",
        "Those with least in the way come first",
    ),
    "manager_shift.outside.all": ("Alle zeigen: noch {count} weitere", "Show all: {count} more"),
    "manager_shift.outside.hint": (
        "Ein Angebot bricht keine Regel: Zusagen kann nur, für wen der Dienst dann passt, zum Beispiel nach einem "
        "Tausch oder einer geänderten Sperrzeit.",
        "An offer breaks no rule: only somebody whom the duty fits by then can accept, for instance after a swap or "
        "a changed blocked time.",
    ),
    "manager_shift.reasons": ("Was im Weg steht", "What is in the way"),
}
BUILT = ("manager_shift.state.",)
