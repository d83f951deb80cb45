"""What stands around the news in a mail."""

MESSAGES: dict[str, tuple[str, str]] = {
    "mail.greeting": ("Guten Tag {name},", "Hello {name},"),
    "mail.many": ("{count} Neuigkeiten", "{count} pieces of news"),
    "mail.open": ("In Abstand ansehen", "See it in Abstand"),
    "mail.one_click": (
        "Ein Klick öffnet eine Seite, auf der Sie bestätigen; dafür müssen Sie nicht angemeldet sein.",
        "One click opens a page on which you confirm; you need not be signed in for it.",
    ),
    "mail.why": (
        "Sie bekommen diese Mail, weil die Adresse in Abstand für Sie eingetragen ist. Wann Mails kommen und ob:",
        "You get this mail because the address is entered for you in Abstand. When mails come, and whether:",
    ),
    "mail.do_not_answer": (
        "Bitte antworten Sie nicht auf diese Mail; niemand liest es.",
        "Please do not answer this mail; nobody reads it.",
    ),
}
