"""What an agent has booked and waits for."""

MESSAGES: dict[str, tuple[str, str]] = {
    "agent_bookings.title": ("Meine Buchungen", "My bookings"),
    "agent_bookings.none": (
        "Sie haben nichts gebucht, was noch kommt.",
        "You have booked nothing that is still to come.",
    ),
    "agent_bookings.to_book": ("Offene Schichten ansehen", "Look at open shifts"),
    "agent_bookings.cancel_until": ("Absagen geht bis {at}.", "You can cancel until {at}."),
    "agent_bookings.deadline_over": (
        "Die Frist zum Absagen war {at}. Sie können den Dienst noch tauschen, abgeben oder sagen, dass Sie nicht "
        "kommen können.",
        "The deadline for cancelling was {at}. You can still swap the duty, give it away or say that you cannot come.",
    ),
    "agent_bookings.in_planning": (
        "Die Woche wird gerade geplant; absagen geht wieder, wenn sie veröffentlicht ist.",
        "The week is being planned; cancelling goes on when it is published.",
    ),
    "agent_bookings.cancel": ("Absagen …", "Cancel …"),
    "agent_bookings.cancel_lead": (
        "Die Schicht {what} wird wieder frei; wer auf der Warteliste steht, bekommt sie angeboten.",
        "The shift {what} becomes free again; whoever is on the waiting list is offered it.",
    ),
    "agent_bookings.cancel_now": ("Jetzt absagen", "Cancel it now"),
    "agent_bookings.cancelled": ("Abgesagt. Die Schicht ist wieder frei.", "Cancelled. The shift is free again."),
    "agent_bookings.range": ("Mehrere Tage absagen", "Cancel several days"),
    "agent_bookings.first": ("Erster Tag", "First day"),
    "agent_bookings.last": ("Letzter Tag", "Last day"),
    "agent_bookings.range_look": ("Zeigen, was das betrifft", "Show what that affects"),
    "agent_bookings.range_title": ("Absagen vom {first} bis {last}", "Cancel from {first} to {last}"),
    "agent_bookings.range_gone": ("Das wird abgesagt:", "This will be cancelled:"),
    "agent_bookings.range_stays": (
        "Das bleibt, weil die Frist vorbei ist oder die Woche gerade geplant wird:",
        "This stays, because the deadline is over or the week is being planned:",
    ),
    "agent_bookings.range_nothing": (
        "In diesen Tagen haben Sie nichts gebucht, was noch abgesagt werden kann.",
        "You have booked nothing on these days that can still be cancelled.",
    ),
    "agent_bookings.range_now_one": ("1 Buchung absagen", "Cancel 1 booking"),
    "agent_bookings.range_now": ("{count} Buchungen absagen", "Cancel {count} bookings"),
    "agent_bookings.range_cancelled": ("Abgesagt: {count}.", "Cancelled: {count}."),
    "agent_bookings.range_kept": (
        "Geblieben, weil die Frist vorbei ist oder die Woche geplant wird: {count}.",
        "Kept, because the deadline is over or the week is being planned: {count}.",
    ),
    "agent_bookings.range_empty": (
        "In diesen Tagen war nichts abzusagen.",
        "There was nothing to cancel on these days.",
    ),
    "agent_bookings.bad_range": (
        "Bitte geben Sie den ersten und den letzten Tag als Datum an.",
        "Please give the first and the last day as dates.",
    ),
    "agent_bookings.waiting": ("Warteliste", "Waiting list"),
    "agent_bookings.ahead_none": ("Sie sind als Nächstes dran.", "You are next."),
    "agent_bookings.ahead_one": ("1 Person wartet länger.", "1 person has waited longer."),
    "agent_bookings.ahead": ("{count} Personen warten länger.", "{count} people have waited longer."),
    "agent_bookings.offered": (
        "Ein Platz ist frei und bis {until} für Sie gehalten.",
        "A place is free and held for you until {until}.",
    ),
    "agent_bookings.take": ("Annehmen und buchen", "Accept and book"),
    "agent_bookings.decline": ("Ablehnen", "Decline"),
    "agent_bookings.limits": ("Buchungen je Woche", "Bookings per week"),
    "agent_bookings.limit_of": ("{booked} von {most}", "{booked} of {most}"),
    "agent_bookings.limit_none": ("{booked}, ohne Grenze", "{booked}, no limit"),
}
