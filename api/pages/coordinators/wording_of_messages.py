"""Words for the page of a day's messages: groups of states, why somebody may know nothing, and what to tell them."""

GROUPS = {
    "failed": "did not arrive",
    "unsure": "may have arrived",
    "held": "kept back by a limit",
    "call": "to be rung",
    "stopped": "stopped by a coordinator",
    "waiting": "on the way",
    "sent": "sent",
    "dropped": "not needed any more",
}
WHY = {
    "failed": "Our message came back, so they may not know.",
    "unsure": "The line broke while we sent it, so they may not know.",
    "held": "The daily limit for texts is reached, so it waits.",
    "call": "They have no e-mail and get no texts.",
}
SAY = {
    "confirm": "We have your sign-up. Is your address right? Please press the link that we sent.",
    "added": "We put you on the list, and say who gave us your name. You can ask to be taken off.",
    "matched": "You have a lift. Read out who drives, when and where.",
    "changed": "Your lift has changed. Read out the new time and place.",
    "cancelled_by_you": "You have cancelled, and we know.",
    "driver_cancelled": "Your driver cannot come. We look for another car.",
    "rider_cancelled": "One of your riders cannot come. You need not stop there.",
    "lift_off": "Your lift is off. We look for another one.",
    "no_lift": "We have no lift for you yet, and still look.",
    "way_home": "Somebody else takes you home. Read out who and when.",
    "can_you_drive": "A car is short near you. Could you drive? No is a good answer.",
    "reminder": "Your lift is tomorrow. Are you coming?",
    "morning": "Your lift is today. Are you coming?",
    "thanks": "Thank you, and this is your way back.",
    "late": "Somebody in your car is late. Please wait for them.",
    "link": "You asked for your link again. Is your address right?",
    "new_contact": "You gave us a new address. Is it right?",
    "contact_asked": "Somebody asked to change your address. Was it you?",
}
RESULTS = {"no_answer": "No answer", "wrong_number": "Wrong number"}
"""What came of a call that told nobody anything."""
