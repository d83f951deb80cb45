"""What ``abstand retention`` says."""

MESSAGES: dict[str, tuple[str, str]] = {
    "retention.would": (
        "Probelauf: Es wurde nichts gelöscht. Zeilen, deren Zeit vorbei ist:",
        "Dry run: nothing was deleted. Rows whose time is over:",
    ),
    "retention.did": ("Gelöschte Zeilen:", "Rows deleted:"),
    "retention.rule.availability": ("  Verfügbarkeit: {count}", "  availability: {count}"),
    "retention.rule.clearances": ("  Freigaben für Homeoffice: {count}", "  clearances for home: {count}"),
    "retention.rule.drafts": (
        "  unveröffentlichte Entwürfe, Planungen und ihre Dateien: {count}",
        "  unpublished drafts, plannings and their files: {count}",
    ),
    "retention.rule.absences": ("  abgemeldete Dienste: {count}", "  duties called off: {count}"),
    "retention.rule.offers": (
        "  Angebote, Wartelisten, Anfragen zum Einspringen: {count}",
        "  offers, waiting lists, requests to stand in: {count}",
    ),
    "retention.rule.weeks": ("  ganze Wochen mit allen Fassungen: {count}", "  whole weeks with all versions: {count}"),
    "retention.rule.messages": ("  Benachrichtigungen: {count}", "  notifications: {count}"),
    "retention.rule.mails": ("  Mails: {count}", "  mails: {count}"),
    "retention.rule.audit": ("  Ereignisse des Protokolls: {count}", "  events of the audit: {count}"),
    "retention.rule.keys": (
        "  Schlüssel von Anfragen, Links und der Schnittstelle: {count}",
        "  keys of requests, links and the interface: {count}",
    ),
    "retention.rule.closed_accounts": (
        "  Mailadressen und Kalender geschlossener Konten: {count}",
        "  mail addresses and calendars of closed accounts: {count}",
    ),
    "retention.rule.traces": ("  Anmeldeversuche, Lebenszeichen: {count}", "  tries to sign in, heartbeats: {count}"),
}
BUILT = ("retention.rule.",)
