"""Links in mails and the page on which they are confirmed."""

MESSAGES: dict[str, tuple[str, str]] = {
    "link.act.waiting_accept": ("Platz annehmen", "Accept the place"),
    "link.act.waiting_release": ("Platz freigeben", "Release the place"),
    "link.act.stand_in_accept": ("Ich springe ein", "I stand in"),
    "link.act.stand_in_decline": ("Ich kann nicht", "I cannot"),
    "link.act.offer_accept": ("Annehmen", "Accept"),
    "link.act.offer_decline": ("Ablehnen", "Decline"),
    "link.act.offer_confirm": ("Dem Tausch zustimmen", "Agree to the swap"),
    "link.act.booking_release": ("Buchung zurückgeben", "Give the booking back"),
    "link.act.address_confirm": ("Adresse bestätigen", "Confirm the address"),
    "link.ask.waiting_accept": (
        "Möchten Sie diesen Dienst? Ein Platz wird beim Annehmen gesucht.",
        "Would you like this duty? A desk is found when you accept.",
    ),
    "link.ask.waiting_release": (
        "Möchten Sie auf diesen Dienst verzichten? Der Platz geht an die nächste Person auf der Warteliste.",
        "Would you rather not have this duty? The place goes to the next person on the waiting list.",
    ),
    "link.ask.stand_in_accept": (
        "Möchten Sie einspringen? Ein Platz wird beim Annehmen gesucht.",
        "Would you stand in? A desk is found when you accept.",
    ),
    "link.ask.stand_in_decline": (
        "Möchten Sie absagen? Gründe werden nicht gefragt.",
        "Would you decline? Nobody asks for reasons.",
    ),
    "link.ask.offer_accept": (
        "Möchten Sie annehmen? Alle Regeln werden noch einmal geprüft.",
        "Would you accept? All rules are checked once more.",
    ),
    "link.ask.offer_decline": ("Möchten Sie ablehnen?", "Would you decline?"),
    "link.ask.offer_confirm": (
        "Möchten Sie tauschen? Alle Regeln werden noch einmal geprüft.",
        "Would you swap? All rules are checked once more.",
    ),
    "link.ask.booking_release": (
        "Möchten Sie diese Buchung zurückgeben? Der Dienst wird für andere frei.",
        "Would you give this booking back? The duty becomes free for others.",
    ),
    "link.ask.address_confirm": (
        "Sollen Benachrichtigungen an {address} gehen?",
        "Shall notifications go to {address}?",
    ),
    "link.done.waiting_accept": ("Der Dienst gehört Ihnen.", "The duty is yours."),
    "link.done.waiting_release": ("Der Platz ist freigegeben.", "The place is released."),
    "link.done.stand_in_accept": ("Danke! Der Dienst gehört Ihnen.", "Thank you! The duty is yours."),
    "link.done.stand_in_decline": ("Ihre Absage ist notiert.", "Your answer is noted."),
    "link.done.offer_accept": (
        "Angenommen. Wo der Standort es verlangt, muss die Standortleitung noch zustimmen.",
        "Accepted. Where the site asks for it, the site manager still has to approve.",
    ),
    "link.done.offer_decline": ("Abgelehnt. Es bleibt, wie es war.", "Declined. Everything stays as it was."),
    "link.done.offer_confirm": (
        "Zugestimmt. Wo der Standort es verlangt, muss die Standortleitung noch zustimmen.",
        "Agreed. Where the site asks for it, the site manager still has to approve.",
    ),
    "link.done.booking_release": ("Die Buchung ist zurückgegeben.", "The booking is given back."),
    "link.done.address_confirm": (
        "Die Adresse ist bestätigt. Benachrichtigungen gehen jetzt dorthin.",
        "The address is confirmed. Notifications go there from now on.",
    ),
    "link.page": ("Bestätigen", "Confirm"),
    "link.done": ("Erledigt", "Done"),
    "link.not_done": ("Das ging nicht", "That did not work"),
    "link.for_whom": ("Für {name}.", "For {name}."),
    "link.nothing_yet": (
        "Bisher ist nichts geschehen. Der Link gilt einmal und bis {until}.",
        "Nothing has happened yet. The link works once, until {until}.",
    ),
    "link.garbled": (
        "Dieser Link ist unvollständig oder nicht von hier. Öffnen Sie ihn noch einmal aus der Mail, oder melden Sie "
        "sich an.",
        "This link is incomplete or not from here. Open it from the mail once more, or sign in.",
    ),
    "link.used": (
        "Dieser Link wurde schon benutzt; ein zweites Mal tut er nichts. Was gilt, sehen Sie nach der Anmeldung.",
        "This link was used already; it does nothing a second time. Sign in to see what holds.",
    ),
    "link.expired": (
        "Die Frist dieses Links ist vorbei. Was gilt, sehen Sie nach der Anmeldung.",
        "The time of this link is over. Sign in to see what holds.",
    ),
    "link.ended": (
        "Dieser Link gilt nicht mehr, weil sich das Kennwort geändert hat oder das Konto geschlossen ist.",
        "This link no longer works, because the password was changed or the account is closed.",
    ),
    "link.other_person": (
        "Dieser Link ist für eine andere Person. Sie sind als {name} angemeldet; es wurde nichts geändert.",
        "This link is for another person. You are signed in as {name}; nothing was changed.",
    ),
    "link.to_week": ("Zu meiner Woche", "To my week"),
}
BUILT = ("link.act.", "link.ask.", "link.done.")
