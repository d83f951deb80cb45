"""The administrator's page of mail."""

MESSAGES: dict[str, tuple[str, str]] = {
    "admin_mail.title": ("Mail", "Mail"),
    "admin_mail.server": (
        "Mails gehen über {host}:{port} ({security}), Absender {sender}.",
        "Mail goes by {host}:{port} ({security}), from {sender}.",
    ),
    "admin_mail.security.starttls": ("mit STARTTLS", "with STARTTLS"),
    "admin_mail.security.tls": ("mit TLS", "with TLS"),
    "admin_mail.security.none": ("unverschlüsselt", "not encrypted"),
    "admin_mail.no_server": (
        "Es ist kein Mailserver eingerichtet (ABSTAND_SMTP_HOST). Benachrichtigungen bleiben hier liegen und werden "
        "gesendet, sobald es einen gibt; nach sieben Tagen stehen sie nur noch auf der Seite der Personen.",
        "No mail server has been set up (ABSTAND_SMTP_HOST). Notifications wait here and are sent once there is one; "
        "after seven days they stand on the pages of the people only.",
    ),
    "admin_mail.failing": (
        "Zuletzt ging es nicht ({at}): {error}. Nichts ist verloren; es wird wieder versucht.",
        "The last try failed ({at}): {error}. Nothing is lost; it is tried again.",
    ),
    "admin_mail.no_worker": (
        "Seit {at} hat sich kein Worker um Mails gekümmert. Läuft „abstand worker“?",
        "No worker has looked after mail since {at}. Is “abstand worker” running?",
    ),
    "admin_mail.never_worked": (
        "Noch kein Worker hat sich um Mails gekümmert. Läuft „abstand worker“?",
        "No worker has looked after mail yet. Is “abstand worker” running?",
    ),
    "admin_mail.fine": ("Alles ist gesendet, was gesendet werden kann.", "All that can be sent has been sent."),
    "admin_mail.waiting": ("warten", "waiting"),
    "admin_mail.open": ("Meldungen noch ohne Mail", "messages without a mail yet"),
    "admin_mail.open_note": ("Ruhezeit, tägliche Mail oder kein Server", "quiet hours, daily mail or no server"),
    "admin_mail.sent": ("gesendet in 24 h", "sent within 24 h"),
    "admin_mail.failed": ("fehlgeschlagen", "failed"),
    "admin_mail.last_sent": ("zuletzt {at}", "last {at}"),
    "admin_mail.oldest": ("älteste vom {at}", "oldest of {at}"),
    "admin_mail.who": ("An", "To"),
    "admin_mail.state": ("Zustand", "State"),
    "admin_mail.state.waiting": ("wartet", "waiting"),
    "admin_mail.state.sending": ("wird gesendet", "being sent"),
    "admin_mail.state.failed": ("fehlgeschlagen", "failed"),
    "admin_mail.since": ("Seit", "Since"),
    "admin_mail.next": ("Nächster Versuch", "Next try"),
    "admin_mail.attempts": ("Versuche", "Tries"),
    "admin_mail.error": ("Letzter Fehler", "Last fault"),
    "admin_mail.not_sent": ("Nicht gesendet", "Not sent"),
    "admin_mail.none": ("Nichts wartet", "Nothing waits"),
    "admin_mail.retry": ("Alle jetzt noch einmal versuchen", "Try all again now"),
    "admin_mail.retried": ("{count} Mails werden noch einmal versucht.", "{count} mails are tried again."),
    "admin_mail.privacy": (
        "Adressen und Inhalte werden hier nicht gezeigt.",
        "Addresses and contents are not shown here.",
    ),
}
BUILT = ("admin_mail.security.", "admin_mail.state.")
