"""Why a duty does not fit, in one line for the agent it concerns."""

MESSAGES: dict[str, tuple[str, str]] = {
    "agent_reason.refused": (
        "Das geht nicht. {reason} Es wurde nichts geändert.",
        "That does not go. {reason} Nothing has been changed.",
    ),
    "agent_reason.other_person": (
        "Es passt nicht zu den Regeln der anderen Person.",
        "It does not fit the other person's rules.",
    ),
    "agent_reason.other": ("Eine Regel steht dagegen.", "A rule stands against it."),
    "agent_reason.all_taken": ("Alle Plätze sind vergeben.", "All places are taken."),
    "agent_reason.availability.blocked": ("Diese Zeit haben Sie gesperrt.", "You have blocked this time."),
    "agent_reason.place.not_on_site": ("Sie arbeiten nur zu Hause.", "You work only at home."),
    "agent_reason.place.not_at_home": (
        "Zu Hause geht es an diesem Tag nicht: Dazu braucht es Ihren Wunsch und eine gültige Freigabe.",
        "Not at home on that day: it needs your wish and a valid clearance.",
    ),
    "agent_reason.place.queue_not_at_home": (
        "Diese Hotline darf nur am Standort bedient werden.",
        "This line may only be served on site.",
    ),
    "agent_reason.skills.not_skilled": (
        "Für diese Hotline sind Sie nicht eingetragen.",
        "You are not entered for this line.",
    ),
    "agent_reason.skills.two_queues": ("Zwei Hotlines zugleich gehen nicht.", "Two lines at once do not go."),
    "agent_reason.skills.in_break": ("In der Pause wird nicht gearbeitet.", "There is no work in a break."),
    "agent_reason.overlap.at_once": (
        "Sie haben um diese Zeit schon einen Dienst.",
        "You have a duty at that time already.",
    ),
    "agent_reason.overlap.too_many_blocks": (
        "An diesem Tag haben Sie schon einen Dienst; mehr als {limit} geht nicht.",
        "You have a duty on that day already; {limit} is the most.",
    ),
    "agent_reason.daily_work.too_much_work": (
        "Das wären {work_minutes} Arbeit an einem Tag, höchstens {limit_minutes} sind erlaubt.",
        "That would be {work_minutes} of work in a day; {limit_minutes} are the most.",
    ),
    "agent_reason.agent_limits.too_much_work": (
        "Das wären {work_minutes} Arbeit an einem Tag, mit Ihnen sind höchstens {limit_minutes} vereinbart.",
        "That would be {work_minutes} of work in a day; {limit_minutes} are agreed with you.",
    ),
    "agent_reason.agent_limits.too_early": (
        "Vor {clock} beginnen Sie nach Vereinbarung nicht.",
        "You do not begin before {clock}, as agreed.",
    ),
    "agent_reason.agent_limits.too_late": (
        "Nach {clock} arbeiten Sie nach Vereinbarung nicht.",
        "You do not work after {clock}, as agreed.",
    ),
    "agent_reason.agent_limits.free_day": (
        "Dieser Tag ist nach Vereinbarung frei ({day}).",
        "This day is free for you, as agreed ({day}).",
    ),
    "agent_reason.rest.too_short": (
        "Nur {rest} Ruhezeit zwischen {before} und {after}, nötig sind {limit}.",
        "Only {rest} of rest between {before} and {after}; {limit} are needed.",
    ),
    "agent_reason.weekly_work.too_much_work": (
        "Das wären {work_minutes} in der Woche, Ihr Vertrag erlaubt {limit_minutes}.",
        "That would be {work_minutes} in the week; your contract allows {limit_minutes}.",
    ),
    "agent_reason.weekly_work.too_many_workdays": (
        "Das wären {workdays} Arbeitstage in der Woche, höchstens {limit} sind vereinbart.",
        "That would be {workdays} workdays in the week; {limit} are the most agreed.",
    ),
    "agent_reason.consecutive_days.too_many": (
        "Das wären {days} Arbeitstage hintereinander, höchstens {limit} sind erlaubt.",
        "That would be {days} workdays in a row; {limit} are the most.",
    ),
    "agent_reason.free_days.free_day": (
        "Dieser Tag ist am Standort frei ({day}).",
        "This day is free at your site ({day}).",
    ),
    "agent_reason.not_together.too_close": (
        "Das liegt zu nah an Zeiten, die Sie mit Ihrer Betreuungspartnerin oder Ihrem Betreuungspartner trennen.",
        "That is too close to times that you keep apart with your care partner.",
    ),
    "agent_reason.duty_shape.too_early": (
        "Vor {clock} beginnt am Standort kein Dienst.",
        "No duty begins before {clock}.",
    ),
    "agent_reason.duty_shape.too_late": ("Nach {clock} endet am Standort kein Dienst.", "No duty ends after {clock}."),
    "agent_reason.duty_shape.start_off_step": (
        "Dienste beginnen nur alle {step_minutes}.",
        "Duties begin only every {step_minutes}.",
    ),
    "agent_reason.duty_shape.work_not_allowed": (
        "So lang darf kein Dienst sein; am nächsten liegt {nearest_minutes} Arbeit.",
        "No duty may be that long; the nearest is {nearest_minutes} of work.",
    ),
    "agent_reason.duty_shape.breaks_too_long": (
        "Die Pausen wären länger als {limit_minutes}.",
        "The breaks would be longer than {limit_minutes}.",
    ),
    "agent_reason.breaks.near_start": ("Die Pause läge zu früh.", "The break would be too early."),
    "agent_reason.breaks.near_end": ("Die Pause läge zu spät.", "The break would be too late."),
    "agent_reason.breaks.part_too_short": ("Eine Pause wäre zu kurz.", "A break would be too short."),
    "agent_reason.breaks.pauses_too_short": (
        "Es fehlt Pause: nötig sind {limit_minutes}.",
        "Breaks are missing: {limit_minutes} are needed.",
    ),
    "agent_reason.breaks.run_too_long": (
        "Ohne Pause darf höchstens {limit_minutes} gearbeitet werden.",
        "At most {limit_minutes} may be worked without a break.",
    ),
    "agent_reason.fixed.missing": ("Dafür müsste ein fester Dienst weichen.", "A fixed duty would have to go for it."),
    "agent_reason.fixed.other_breaks": ("Die Pausen dieses Dienstes sind fest.", "The breaks of this duty are fixed."),
    "agent_reason.fixed.other_desk": ("Der Platz dieses Dienstes ist fest.", "The desk of this duty is fixed."),
    "agent_reason.desk.none": ("Dann ist kein Platz frei.", "No desk is free then."),
    "agent_reason.desk.not_released": ("Dieser Platz ist dann nicht mehr frei.", "This desk is no longer free then."),
    "agent_reason.desk.blocked": ("Dieser Platz ist gesperrt.", "This desk is blocked."),
    "agent_reason.desk.lacks_features": (
        "Dieser Platz hat nicht, was Sie brauchen.",
        "This desk lacks what you need.",
    ),
    "agent_reason.desk.none_suits": (
        "Dann ist kein Platz frei, der hat, was Sie brauchen.",
        "No desk is free then that has what you need.",
    ),
    "agent_reason.desk.too_few": ("Dann sind alle Plätze belegt.", "All desks are taken then."),
    "agent_reason.distance.too_close": (
        "Dann ist kein Platz frei, der den Mindestabstand hält.",
        "No desk is free then that keeps the distance.",
    ),
    "agent_reason.room_cap.too_full": (
        "Die Räume sind dann voll.",
        "The rooms are full then.",
    ),
    "agent_reason.site_cap.too_full": (
        "Am Standort sind dann schon so viele, wie dürfen.",
        "As many as may are on site then.",
    ),
    "agent_reason.cleaning_gap.too_short": (
        "Der Platz ist nicht frei oder wird gerade gereinigt.",
        "The desk is taken or being cleaned then.",
    ),
    "agent_reason.arrivals.too_many": (
        "Zu dieser Zeit kommen schon genug an; ein anderer Beginn geht.",
        "Enough arrive at that time; another start goes.",
    ),
    "agent_reason.cohort.same_room": (
        "Dann ist eine andere Gruppe in den Räumen.",
        "Another group is in the rooms then.",
    ),
    "agent_reason.cohort.same_site": ("Dann ist eine andere Gruppe am Standort.", "Another group is on site then."),
    "agent_reason.cohort.same_day": (
        "An diesem Tag ist eine andere Gruppe am Standort.",
        "Another group is on site on that day.",
    ),
}
BUILT = ("agent_reason.",)
