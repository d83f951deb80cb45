"""The personal calendar: its entries and the page that gives its address."""

MESSAGES: dict[str, tuple[str, str]] = {
    "feed.name": ("Dienste {site}", "Duties {site}"),
    "feed.on_site": ("Dienst am Standort", "Duty on site"),
    "feed.at_desk": ("Dienst · Platz {desk}", "Duty · desk {desk}"),
    "feed.at_home": ("Dienst zu Hause", "Duty at home"),
    "feed.unsure": ("Noch nicht sicher: Dienst", "Not certain yet: duty"),
    "feed.no_desk": ("noch kein Platz", "no desk yet"),
    "feed.location": ("{room}, Platz {desk}, {site}", "{room}, desk {desk}, {site}"),
    "feed.location_home": ("zu Hause", "at home"),
    "feed.break": ("Pause {times}", "Break {times}"),
    "feed.answer_by": ("Antwort bis {until}", "Answer until {until}"),
    "feed.waits": ("Die Standortleitung muss noch zustimmen.", "The site manager has yet to approve."),
    "feed.slower": (
        "Zu oft gefragt. Alle 15 Minuten genügt; jetzt erst in {seconds} Sekunden wieder.",
        "Asked too often. Every 15 minutes is enough; now not before {seconds} seconds.",
    ),
    "feed.title": ("Kalender", "Calendar"),
    "feed.lead": (
        "Mit einem geheimen Link zeigt Ihr Kalenderprogramm Ihre Dienste und bleibt auf dem neuesten Stand. Er zeigt "
        "Zeit, Ort und Platz, keine Gründe und niemand anderen.",
        "With a secret link your calendar program shows your duties and stays up to date. It shows time, place and "
        "desk, no reasons and nobody else.",
    ),
    "feed.none": ("Sie haben keinen Kalenderlink.", "You have no calendar link."),
    "feed.since": ("Es gibt einen Link, erstellt am {at}.", "There is a link, made on {at}."),
    "feed.fetched": ("Zuletzt abgerufen am {at}.", "Last fetched on {at}."),
    "feed.never_fetched": ("Noch nie abgerufen.", "Never fetched yet."),
    "feed.make": ("Link erstellen", "Make a link"),
    "feed.replace": ("Neuen Link erstellen …", "Make a new link …"),
    "feed.replace_lead": (
        "Der bisherige Link funktioniert dann nicht mehr, auch nicht in Ihrem Kalenderprogramm.",
        "The current link will stop working, in your calendar program, too.",
    ),
    "feed.revoke": ("Link widerrufen …", "Revoke the link …"),
    "feed.revoke_lead": (
        "Danach zeigt er niemandem mehr etwas.",
        "After that it shows nothing to anybody.",
    ),
    "feed.revoke_button": ("Widerrufen", "Revoke"),
    "feed.revoked": ("Der Link ist widerrufen.", "The link is revoked."),
    "feed.yours": ("Ihr Kalenderlink", "Your calendar link"),
    "feed.once": (
        "Er wird nur jetzt angezeigt. Wer ihn kennt, sieht Ihre Dienste: Geben Sie ihn niemandem.",
        "It is shown only now. Whoever knows it sees your duties: give it to nobody.",
    ),
    "feed.how": (
        "Fügen Sie ihn in Ihrem Kalenderprogramm als „abonnierten Kalender“ oder „Kalender aus dem Internet“ hinzu.",
        "Add it to your calendar program as a “subscribed calendar” or “calendar from the Internet”.",
    ),
    "feed.open": ("Auf diesem Gerät abonnieren", "Subscribe on this device"),
    "feed.back": ("Zurück", "Back"),
}
