"""Planning a week, publishing it, and what can stand in the way."""

BUILT = ("plan.phase.",)

MESSAGES: dict[str, tuple[str, str]] = {
    "plan.phase.queued": ("wartet, bis ein anderer Plan fertig ist", "waits until another plan is finished"),
    "plan.phase.waiting": (
        "wartet auf einen Planungsdienst; im Augenblick läuft keiner",
        "waits for a planning worker; none is running right now",
    ),
    "plan.phase.running": ("läuft", "running"),
    "plan.phase.restarted": (
        "läuft, nach einer Unterbrechung von vorn",
        "running, from the start after an interruption",
    ),
    "plan.phase.interrupted": (
        "wurde unterbrochen und beginnt von selbst neu",
        "was interrupted and starts again by itself",
    ),
    "plan.phase.stopping": ("wird beendet, das Beste bisher bleibt", "is being stopped, the best so far is kept"),
    "plan.phase.done": ("fertig", "done"),
    "plan.phase.failed": ("gescheitert", "failed"),
    "plan.phase.superseded": ("ohne Ergebnis beendet", "ended without a result"),
    "plan.already_planning": (
        "Diese Woche wird bereits geplant: {who} hat um {since} damit begonnen.",
        "This week is being planned already: {who} started it at {since}.",
    ),
    "plan.just_ending": (
        "Der letzte Plan dieser Woche wird gerade abgeschlossen. Bitte versuchen Sie es in einigen Sekunden erneut.",
        "The last plan of this week is just being put away. Please try again in a few seconds.",
    ),
    "plan.wrong_state": (
        "In ihrem jetzigen Stand kann diese Woche nicht geplant werden.",
        "This week cannot be planned in its present state.",
    ),
    "plan.time_limit": (
        "Die Rechenzeit muss zwischen 1 und {most} Sekunden liegen.",
        "The computing time has to be between 1 and {most} seconds.",
    ),
    "plan.no_history": (
        "Für die Zeit vor dieser Woche sind keine Anrufe bekannt, daher lässt sich der Bedarf nicht bestimmen. "
        "Importieren Sie zuerst die Anrufe der letzten vier Wochen.",
        "No calls are known for the time before this week, so nothing says how many agents it needs. "
        "Import the calls of the last four weeks first.",
    ),
    "plan.nothing_to_stop": ("Diese Woche wird gerade nicht geplant.", "This week is not being planned right now."),
    "plan.stopped_before_start": (
        "Der Plan wurde beendet, bevor er begonnen hatte.",
        "The plan was stopped before it had begun.",
    ),
    "plan.stopped_and_lost": (
        "Der Plan wurde beendet, während er unterbrochen war; das Beste bis dahin ist verloren.",
        "The plan was stopped while it was interrupted; the best so far is lost.",
    ),
    "plan.superseded_by_publication": (
        "Während geplant wurde, ist eine neue Fassung veröffentlicht worden. Der Entwurf passte nicht mehr dazu.",
        "A new version was published while this was being planned. The draft no longer fitted it.",
    ),
    "plan.failed.attempts": (
        "Der Plan wurde {attempts} Mal unterbrochen und nicht wieder begonnen. Bitte verständigen Sie die "
        "Administration.",
        "The plan was interrupted {attempts} times and not started again. Please tell your administrator.",
    ),
    "plan.failed.lost": (
        "Der Auftrag ist dem Planungsdienst verloren gegangen. Bitte planen Sie die Woche erneut.",
        "The planning worker has lost the request. Please plan the week again.",
    ),
    "plan.failed.findings": (
        "Der berechnete Plan verletzt {count}-mal eine Regel ({rules}) und wurde deshalb verworfen. Das ist ein "
        "Fehler des Programms; er ist aufgezeichnet.",
        "The computed roster breaks a rule {count} times ({rules}) and was therefore discarded. That is a fault of "
        "the program; it has been recorded.",
    ),
    "plan.failed.error": (
        "Die Berechnung ist an einem Fehler des Programms gescheitert ({kind}); er ist aufgezeichnet.",
        "The computation failed at a fault of the program ({kind}); it has been recorded.",
    ),
    "plan.failed.crashed": (
        "Die Berechnung ist abgebrochen, vermutlich weil der Arbeitsspeicher nicht reicht (Code {exit_code}).",
        "The computation broke off, probably because memory ran out (code {exit_code}).",
    ),
    "plan.failed.unresponsive": (
        "Die Berechnung hat nicht rechtzeitig geendet und wurde abgebrochen.",
        "The computation did not end in time and was broken off.",
    ),
    "plan.failed.unusable": (
        "Aus den Stammdaten entsteht keine gültige Aufgabe ({place}: {fault}).",
        "The stored site makes no valid problem ({place}: {fault}).",
    ),
    "plan.publish.already": (
        "Diese Woche wurde inzwischen veröffentlicht: Fassung {number}, von {who} um {at}.",
        "This week has been published in the meantime: version {number}, by {who} at {at}.",
    ),
    "plan.publish.wrong_state": (
        "In ihrem jetzigen Stand kann diese Woche nicht veröffentlicht werden.",
        "This week cannot be published in its present state.",
    ),
    "plan.publish.outdated": (
        "Dieser Entwurf ist älter als die veröffentlichte Fassung {number}. Bitte planen Sie die Woche erneut.",
        "This draft is older than the published version {number}. Please plan the week again.",
    ),
    "plan.publish.gone": (
        "Seit dem Entwurf hat sich geändert, worauf er sich bezieht ({place}). Bitte planen Sie die Woche erneut.",
        "What the draft refers to has changed since ({place}). Please plan the week again.",
    ),
    "plan.publish.changed_since": (
        "Seit diesem Entwurf wurde gebucht, abgesagt oder getauscht. Bitte planen Sie noch einmal; was gilt, bleibt.",
        "People have booked, cancelled or swapped since this draft was made. Please plan again; nothing was lost.",
    ),
    "plan.publish.findings": (
        "Nach heutigem Stand verletzt der Entwurf {count}-mal eine Regel ({rules}). Bitte planen Sie die Woche erneut.",
        "As things stand now the draft breaks a rule {count} times ({rules}). Please plan the week again.",
    ),
    "plan.week.no_monday": ("Eine Woche beginnt an einem Montag.", "A week begins on a Monday."),
    "plan.week.exists": ("Diese Woche gibt es bereits.", "This week exists already."),
}
