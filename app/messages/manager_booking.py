"""Opening a week for booking, as its manager does."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_booking.title": ("Buchung", "Booking"),
    "manager_booking.shifts": ("Offene Schichten", "Open shifts"),
    "manager_booking.when": ("Wann", "When"),
    "manager_booking.places": ("Plätze", "Places"),
    "manager_booking.taken": ("Vergeben", "Taken"),
    "manager_booking.full": ("voll", "full"),
    "manager_booking.of_places": ("von {places} Plätzen", "of {places} places"),
    "manager_booking.waiting": ("Warteliste", "Waiting list"),
    "manager_booking.people": ("Personen", "people"),
    "manager_booking.why": ("Warum offen", "Why open"),
    "manager_booking.why.absence": ("jemand kann nicht kommen", "somebody cannot come"),
    "manager_booking.why.requirement": ("aus dem Bedarf", "from the requirement"),
    "manager_booking.why.gap": ("Lücke im Dienstplan", "gap in the roster"),
    "manager_booking.close": ("Schließen", "Close"),
    "manager_booking.shift_closed": (
        "Die Schicht steht nicht mehr auf der Liste. Vergebene Plätze bleiben: {taken}.",
        "The shift is off the list. Places taken stay: {taken}.",
    ),
    "manager_booking.state.planning": (
        "Diese Woche wird gerade geplant oder ist vorbei; sie kann jetzt nicht geöffnet werden.",
        "This week is being planned or is over; it cannot be opened now.",
    ),
    "manager_booking.state.never": ("Noch nicht zum Buchen geöffnet", "Not open for booking yet"),
    "manager_booking.state.open": ("Zum Buchen geöffnet seit {at}", "Open for booking since {at}"),
    "manager_booking.state.later": ("Buchen ab {at}", "Booking begins {at}"),
    "manager_booking.none": ("Keine offenen Schichten", "No open shifts"),
    "manager_booking.none.lead": (
        "Öffnen Sie die Woche, oder legen Sie einzelne Schichten an.",
        "Open the week, or add single shifts.",
    ),
    "manager_booking.open": ("Zum Buchen öffnen", "Open for booking"),
    "manager_booking.open.lead": (
        "Die Schichten werden aus dem Bedarf gebildet, der noch nicht gedeckt ist. Wer bucht, behält den Dienst auch "
        "bei der Planung.",
        "Shifts are made from the requirement that is not covered yet. Whoever books keeps the duty in planning too.",
    ),
    "manager_booking.open.replaces": (
        "Ersetzt {shifts} Schichten auf der Liste; Buchungen bleiben, Wartelisten dieser Schichten enden.",
        "Replaces {shifts} shifts on the list; bookings stay, waiting lists of these shifts end.",
    ),
    "manager_booking.open.button": ("Schichten bilden und öffnen", "Make shifts and open"),
    "manager_booking.open.again": ("Schichten neu bilden", "Make the shifts anew"),
    "manager_booking.opened": (
        "{shifts} Schichten mit {places} Plätzen stehen auf der Liste.",
        "{shifts} shifts with {places} places are on the list.",
    ),
    "manager_booking.opened_none": (
        "Die Woche ist geöffnet, aber es fehlt niemand: Aus dem Bedarf entstand keine Schicht.",
        "The week is open, but nobody is missing: the requirement gave no shift.",
    ),
    "manager_booking.from_when": ("Agenten buchen ab", "Agents may book from"),
    "manager_booking.now": ("sofort", "now"),
    "manager_booking.at": ("diesem Zeitpunkt an:", "this moment on:"),
    "manager_booking.moment": ("Zeitpunkt, ab dem gebucht wird", "Moment from which booking begins"),
    "manager_booking.move": ("Nur den Zeitpunkt ändern", "Only change the moment"),
    "manager_booking.never": ("Buchen anhalten", "Stop booking"),
    "manager_booking.opening_moved": ("Der Zeitpunkt ist geändert.", "The moment has been changed."),
    "manager_booking.closed_for_agents": (
        "Agenten können in dieser Woche nicht mehr buchen. Was gebucht ist, bleibt.",
        "Agents can no longer book in this week. What is booked stays.",
    ),
    "manager_booking.new": ("Eine Schicht anlegen", "Add a shift"),
    "manager_booking.new.button": ("Schicht anlegen", "Add the shift"),
    "manager_booking.added": ("Die Schicht steht auf der Liste.", "The shift is on the list."),
    "manager_booking.for": ("Für jemanden buchen", "Book for somebody"),
    "manager_booking.for.lead": (
        "Beginn und Länge sind frei; Platz und Pausen kommen dazu. Passt es nicht, steht hier, warum.",
        "Start and length are free; desk and breaks are added. Where it does not fit, the reason stands here.",
    ),
    "manager_booking.for.button": ("Buchen", "Book"),
    "manager_booking.too_many": (
        "Diese Person hat in der Woche schon so viel gebucht, wie Ihre Buchungsregeln erlauben: {most}.",
        "This person has booked as much in the week as your booking terms allow: {most}.",
    ),
    "manager_booking.booked_for": ("Für {name} gebucht: {day}.", "Booked for {name}: {day}."),
}
BUILT = ("manager_booking.why.",)
