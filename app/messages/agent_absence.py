"""Not being able to come, and standing in."""

MESSAGES: dict[str, tuple[str, str]] = {
    "agent_absence.cannot_come": ("Ich kann nicht kommen", "I cannot come"),
    "agent_absence.title": ("Ich kann nicht kommen", "I cannot come"),
    "agent_absence.happens": ("Das geschieht:", "What happens:"),
    "agent_absence.happens_off": (
        "Dieser Dienst ist nicht mehr Ihrer. Er steht sofort als offene Schicht bereit.",
        "This duty is no longer yours. It stands ready as an open shift at once.",
    ),
    "agent_absence.happens_told": (
        "Die Standortleitung erfährt, dass jemand fehlt, und fragt andere.",
        "The site manager learns that somebody is missing and asks others.",
    ),
    "agent_absence.happens_no_reason": (
        "Niemand fragt hier nach einem Grund, und keiner wird aufgeschrieben. Eine Krankmeldung geht wie immer ihren "
        "eigenen Weg.",
        "Nobody asks for a reason here, and none is written down. Reporting sick goes its own way as always.",
    ),
    "agent_absence.happens_back": (
        "Können Sie doch kommen? Solange niemand den Dienst hat, buchen Sie ihn unter „Buchen“ wieder.",
        "Can you come after all? While nobody has the duty, book it again under “Book”.",
    ),
    "agent_absence.happens_offer": (
        "Ihr Angebot, diesen Dienst zu tauschen oder abzugeben, endet damit.",
        "Your offer to swap or give away this duty ends with it.",
    ),
    "agent_absence.now": ("Ja, ich kann nicht kommen", "Yes, I cannot come"),
    "agent_absence.too_late": (
        "Dieser Dienst hat schon begonnen, oder seine Woche ist nicht veröffentlicht. Bitte rufen Sie die "
        "Standortleitung an.",
        "This duty has begun already, or its week is not published. Please call your site manager.",
    ),
    "agent_absence.back": ("Zurück zur Woche", "Back to the week"),
    "agent_absence.reported": (
        "Ist vermerkt: Sie kommen nicht. Der Dienst ist offen, die Standortleitung weiß Bescheid.",
        "Noted: you are not coming. The duty is open, and the site manager knows.",
    ),
    "agent_absence.gone": (
        "Dieser Dienst ist nicht mehr Ihrer; es ist nichts weiter zu tun.",
        "This duty is no longer yours; there is nothing left to do.",
    ),
    "agent_absence.stand_in_title": ("Können Sie einspringen?", "Can you stand in?"),
    "agent_absence.stand_in_lead": (
        "Die Standortleitung fragt Sie und vielleicht andere. Wer zuerst zusagt, hat den Dienst.",
        "The site manager asks you and perhaps others. Whoever accepts first has the duty.",
    ),
    "agent_absence.answer_until": ("Antworten können Sie bis {at}.", "You can answer until {at}."),
    "agent_absence.accept": ("Ich springe ein", "I stand in"),
    "agent_absence.decline": ("Nein, ich kann nicht", "No, I cannot"),
    "agent_absence.accepted": (
        "Danke, Sie haben den Dienst. Er steht in Ihrer Woche.",
        "Thank you, the duty is yours. It stands in your week.",
    ),
    "agent_absence.declined": ("Gut, es ist abgesagt.", "All right, declined."),
    "agent_absence.state.asked": ("Die Zeit zum Antworten ist vorbei.", "The time to answer is over."),
    "agent_absence.state.accepted": ("Sie haben zugesagt.", "You have accepted."),
    "agent_absence.state.declined": ("Sie haben abgesagt.", "You have declined."),
    "agent_absence.state.over": (
        "Jemand anderes war schneller. Es ist nichts weiter zu tun.",
        "Somebody else was quicker. There is nothing left to do.",
    ),
}
BUILT = ("agent_absence.state.",)
