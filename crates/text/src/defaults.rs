//! The product's own texts, in English. A company's text of the same name takes its place.
//!
//! Names in a text come from the caller: `backend` (a system's name), `describe` and `args` (a tool's sentence and its
//! arguments as records of `name` and `value`), `what` and `values` (a name or a sentence, and records of `value`, `source` and `time`),
//! `first` (is it the first thing that is asked?).

/// Name and template of every product text.
pub(crate) const TEXTS: &[(&str, &str)] = &[
    // Records and systems. One text for unknown and foreign records: it must not tell which.
    ("not_found", "I can't find that among your records. Could you check the number, or shall I look through your recent ones?"),
    ("nothing_found", "I looked, and there is nothing of that kind among your records."),
    (
        "cannot_reach",
        "I can't reach {% if backend %}the {{ backend }} system{% else %}one of our systems{% endif %} right now. You can try again in a few minutes, or I can hand you to a colleague.",
    ),
    ("slow", "This is taking longer than usual. One moment, please."),
    ("still_looking", "I'm still looking. I'll tell you as soon as I know."),
    (
        "disagree",
        "Our systems don't agree{% if what %} about the {{ what }}{% endif %}: {% for one in values %}{{ one.value }} ({{ one.source }}, as of {{ one.time }}){% if not loop.last %}, {% endif %}{% endfor %}. I won't guess which is right; a colleague can find out.",
    ),
    ("cannot_confirm", "I can't confirm that. A colleague can find out for you, if you like."),
    // Understanding.
    ("which_wish", "What can I do for you?"),
    ("anything_else", "All right. Is there anything else I can do for you?"),
    ("sorry_about_this", "I am sorry about the trouble. If you would rather talk to a person, just say so."),
    ("which_ability", "Here is what I can do for you; a person is there as well. What is it about?"),
    ("abilities", "What I can do for you: {% for skill in skills %}{{ skill }}{% if not loop.last %}; {% endif %}{% endfor %}."),
    ("not_understood", "Sorry, I didn't understand that. Could you say it in other words?"),
    ("offer_person", "Would you like to talk to a person?"),
    ("talk_to_person", "Talk to a person"),
    ("person_declined", "All right, we'll go on together. What can I do for you?"),
    ("person_heard", "I've heard you: a colleague will take over as soon as what is under way has come to its end."),
    ("handing_over", "I'm handing you to a colleague, who will see what we wrote."),
    ("queue_place", "{{ queue.position_or_hours }}"),
    (
        "position_or_hours",
        "{% if queue.open %}{% if queue.position == 1 %}You are next in line{% else %}You are number {{ queue.position }} in line{% endif %}{% if queue.expected_minutes %}; people waited about {{ queue.expected_minutes }} min lately{% endif %}.{% else %}Our team is not there right now{% if queue.opens_day %} and is back on {{ queue.opens_day }} at {{ queue.opens_time }} ({{ queue.zone }}){% endif %}. {% if queue.offers_email %}Leave an e-mail address here and we will write to you, or wait: your place is number {{ queue.position }} in line.{% else %}Your place is number {{ queue.position }} in line; the answer will be here.{% endif %}{% endif %}",
    ),
    ("already_in_line", "You are in line already, in another conversation of yours. A colleague will answer you there."),
    ("handed_back", "My colleague has handed our conversation back to me, the assistant. What can I do for you now?"),
    ("yes_or_no", "I can do it only as it is shown here. Shall I go ahead? Please answer yes or no."),
    ("done_with_that", "All right, we'll leave that. What else can I do for you?"),
    ("next_wish", "Next: {{ what }}"),
    ("already_done", "That is done already. I won't do it a second time."),
    ("cannot_undo", "That is done, and I can't undo it by myself. Tell me what you would like instead; a colleague can help with it too."),
    ("not_there", "I can't find {{ what }} there."),
    ("field_missing", "And what is the {{ what }}?"),
    ("about_field", "{{ what | capitalize }}: {{ value }}."),
    ("repeat", "Here it is again."),
    ("nothing_to_repeat", "There is nothing to repeat yet. What can I do for you?"),
    ("greeting", "Hello! What can I do for you?"),
    ("thanks", "You're welcome. Is there anything else?"),
    ("goodbye", "Goodbye, and thank you for writing."),
    // Rules and proof.
    ("refused", "I'm not able to do that here. A colleague can look at it with you."),
    ("sign_in_first", "Please sign in first, so that I can see what is yours."),
    ("step_up_needed", "For this I have to be sure that it's you. Please confirm who you are, and we'll go on."),
    (
        "ask_who",
        "{% if first %}For that I first have to find you. What is your {{ what }}?{% else %}And what is your {{ what }}?{% endif %}",
    ),
    ("not_proven", "I can't find you with that. Let's try again; please check each detail."),
    (
        "proof_locked",
        "I couldn't make sure who you are, so I can't look into personal details here. Please sign in, or let a colleague help you.",
    ),
    ("needs_approval", "A colleague has to approve this first. I've asked, and you'll hear from us here."),
    (
        "not_approved",
        "A colleague has looked at it and could not approve it, so nothing was changed{% if effect %} ({{ effect }}){% endif %}. If you'd like to talk about it, tell me and I'll hand you over; otherwise, what else can I do for you?",
    ),
    (
        "not_approved_by_me",
        "I've looked at it and can't approve it, so nothing was changed{% if effect %} ({{ effect }}){% endif %}. Write here if you'd like to talk about it.",
    ),
    ("limit_exceeded", "That would go beyond what our rules allow for now, so I can't do it here."),
    // Writes.
    (
        "confirm_preview",
        "{{ describe }}{% if args %} ({% for arg in args %}{{ arg.name }}: {{ arg.value }}{% if not loop.last %}, {% endif %}{% endfor %}){% endif %} Shall I do that?",
    ),
    ("action_declined", "All right, I haven't changed anything."),
    ("action_done", "That's done."),
    ("action_failed", "That didn't work, and nothing was changed. You can try again, or I can hand you to a colleague."),
    (
        "outcome_unknown",
        "I sent it, but I didn't get a clear answer, so I don't know yet whether it went through. I won't send it again; we're checking, and you'll hear from us.",
    ),
    (
        "object_changed",
        "Something about it has changed since I showed it to you, so I haven't done anything. Let me show you how it is now.",
    ),
    ("proposal_expired", "That offer has run out, so I haven't done anything. Shall I set it up again?"),
    ("still_running", "That is still being worked on. I won't start it a second time."),
    // Files: a mind does not look into them.
    (
        "files_received",
        "{% if files.count == 1 %}I have your file ({{ files.names }}), but I can't read files myself.{% else %}I have your {{ files.count }} files ({{ files.names }}), but I can't read files myself.{% endif %}{% if files.alone %} Tell me in a few words what it is about, or ask for a person: they will see what you sent.{% else %} A person who takes over will see what you sent.{% endif %}",
    ),
    // What should not be typed into a chat.
    ("card_masked", "I've hidden the card number you wrote. Please don't send card numbers here; we never need them in the chat."),
    ("code_masked", "I've hidden the code you wrote. Please enter codes only in the form that asks for them."),
];
