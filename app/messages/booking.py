"""Booking, cancelling, swapping and standing in."""

MESSAGES: dict[str, tuple[str, str]] = {
    "booking.breaks_rule": (
        "Das geht nicht, weil es eine Regel verletzt: {rule}. Es wurde nichts geändert.",
        "That does not go, because it breaks a rule: {rule}. Nothing has been changed.",
    ),
    "booking.changed_meanwhile": (
        "Dieser Dienst wurde inzwischen geändert. Bitte sehen Sie ihn noch einmal an.",
        "This duty was changed meanwhile. Please look at it again.",
    ),
    "booking.deadline_over": (
        "Absagen ging nur bis {hours} Stunden vor Beginn. Sie können den Dienst noch abgeben oder tauschen.",
        "Cancelling went until {hours} hours before the start. You can still give the duty away or swap it.",
    ),
    "booking.ends_before_start": (
        "Das Ende liegt vor dem Anfang.",
        "The end is before the beginning.",
    ),
    "booking.no_week": (
        "Für diese Woche gibt es noch keinen Plan, in dem gebucht werden könnte.",
        "There is no plan yet for this week in which to book.",
    ),
    "booking.not_booked": (
        "Dieser Dienst wurde geplant, nicht gebucht. Sie können ihn abgeben, tauschen oder sagen, dass Sie nicht "
        "kommen können.",
        "This duty was planned, not booked. You can give it away, swap it or say that you cannot come.",
    ),
    "booking.not_open": (
        "Diese Woche ist noch nicht zum Buchen geöffnet.",
        "This week is not open for booking yet.",
    ),
    "booking.no_such_length": (
        "So lang darf kein Dienst sein.",
        "No duty may be that long.",
    ),
    "booking.places": (
        "Eine Schicht hat 1 bis 1000 Plätze.",
        "A shift has 1 to 1,000 places.",
    ),
    "booking.off_grid": (
        "Zeiten beginnen und enden alle {slot_minutes} Minuten.",
        "Times begin and end every {slot_minutes} minutes.",
    ),
    "booking.other_week": (
        "Der Dienst beginnt nicht in dieser Woche.",
        "The duty does not begin in this week.",
    ),
    "booking.past": (
        "Das hat schon angefangen oder ist vorbei.",
        "That has begun already or is over.",
    ),
    "booking.place_left": (
        "Es ist noch ein Platz frei: Sie können gleich buchen.",
        "There is a place left: you can book it at once.",
    ),
    "booking.shift_closed": (
        "Diese Schicht ist nicht mehr offen.",
        "This shift is no longer open.",
    ),
    "booking.shift_taken": (
        "Der letzte Platz dieser Schicht ist gerade vergeben worden.",
        "The last place in this shift has just been taken.",
    ),
    "booking.too_many": (
        "Sie haben in dieser Woche schon {most} Schichten gebucht, mehr geht nicht.",
        "You have booked {most} shifts this week already, which is the most.",
    ),
    "booking.week_closed": (
        "Diese Woche wird gerade geplant: gebucht und abgesagt werden kann wieder, wenn sie veröffentlicht ist.",
        "This week is being planned: booking and cancelling go on when it is published.",
    ),
    "booking.names_no_duty": (
        "Bitte wählen Sie den Dienst, den Sie dafür geben.",
        "Please choose the duty that you give in return.",
    ),
    "booking.not_published": (
        "Das geht erst, wenn die Woche veröffentlicht ist.",
        "That goes once the week is published.",
    ),
    "booking.offer_lapsed": (
        "Die Zeit für dieses Angebot ist vorbei.",
        "The time for this offer is over.",
    ),
    "booking.offer_over": (
        "Dieses Angebot gilt nicht mehr: es wurde schon beantwortet oder zurückgezogen.",
        "This offer no longer stands: it was answered or taken back already.",
    ),
    "booking.offered_already": (
        "Dieser Dienst ist schon angeboten.",
        "This duty is offered already.",
    ),
    "booking.key_reused": (
        "Dieser Schlüssel gehört zu einer anderen Anfrage.",
        "This key belongs to another request.",
    ),
    "booking.nowhere_to_sit": (
        "Für {count} Dienste gibt es keinen anderen Platz, deshalb bleibt alles, wie es war.",
        "There is no other desk for {count} duties, so everything stays as it was.",
    ),
}
