//! The closed list of error codes: what each means, its HTTP status, and what to do about it. Served as pages, cited by `type`.

use axum::http::StatusCode;

macro_rules! codes {
    ($($name:ident = $status:literal $text:literal: $title:literal, $help:literal;)*) => {
        /// A stable word for what went wrong. Clients branch on it, never on the sentence.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code as it stands on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// What it means, in a few words that never change with the case.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }

            /// What to do about it: the default `detail`, and the text of its page.
            #[must_use]
            pub const fn help(self) -> &'static str {
                match self { $(Self::$name => $help),* }
            }

            /// The HTTP status it is sent with.
            #[must_use]
            pub fn status(self) -> StatusCode {
                let status: u16 = match self { $(Self::$name => $status),* };
                StatusCode::from_u16(status).expect("invariant: every status of the list is between 400 and 599")
            }

            /// Reads a code.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == text)
            }
        }
    };
}

codes! {
    // Reading a request
    BodyEmpty = 400 "body_empty": "The body is empty", "Send a JSON object in the body.";
    JsonInvalid = 400 "json_invalid": "The body is not JSON", "Correct the JSON at the line and column given.";
    JsonTooDeep = 400 "json_too_deep": "The JSON is nested too deeply", "Nest at most 64 levels.";
    JsonDuplicateKey = 400 "json_duplicate_key": "An object names a key twice", "Name every key once.";
    NumberOutOfRange = 400 "number_out_of_range": "A number cannot be represented", "Use numbers a double can hold; money is whole minor units.";
    TextNotUtf8 = 400 "text_not_utf8": "A text is not UTF-8", "Encode the body as UTF-8, with surrogate escapes only in pairs.";
    FieldUnknown = 400 "field_unknown": "A field is not known here", "Leave the field out or correct its name.";
    FieldMissing = 400 "field_missing": "A needed field is missing", "Add the field.";
    FieldInvalid = 400 "field_invalid": "A field has another type or value than expected", "Correct the field.";
    BodyIncomplete = 400 "body_incomplete": "The body ended too early", "Send the whole body; the connection broke or its lengths disagree.";
    VersionUnsupported = 400 "version_unsupported": "This version of the API does not exist", "Send `Patchbay-Version: 1` or leave the header out.";
    KeyInUrl = 400 "key_in_url": "A key or token stands in the address", "Addresses end up in logs: send it in a header and treat this one as leaked.";
    CursorInvalid = 400 "cursor_invalid": "The place to resume from does not exist", "Fetch the conversation again and resume from its `seq`.";
    IdempotencyKeyInvalid = 400 "idempotency_key_invalid": "The client's id for the message cannot be used", "Use 1 to 255 printable characters, the same in body and header.";
    BodyTooLarge = 413 "body_too_large": "The body is too large", "Send at most 1 MiB.";
    BodyTooLargeDecompressed = 413 "body_too_large_decompressed": "The body is too large once unpacked", "Send at most 1 MiB after decompression.";
    ContentTypeUnsupported = 415 "content_type_unsupported": "The body has an unsupported type or encoding", "Send `Content-Type: application/json`, plain or with `Content-Encoding: gzip`.";
    RequestTimeout = 408 "request_timeout": "The body did not arrive in time", "Send the whole body within 25 seconds.";
    NotFound = 404 "not_found": "There is nothing at this address", "Check the address; ids of others are answered in the same way.";
    MethodNotAllowed = 405 "method_not_allowed": "The address does not take this method", "Use one of the methods in the `Allow` header.";

    // Who is asking
    IdentityInvalid = 401 "identity_invalid": "The sign-in is missing or not valid", "Sign in again on the page you came from, or go on as a visitor.";
    IdentityMismatch = 403 "identity_mismatch": "The conversation belongs to somebody else", "Open a conversation of your own.";
    OriginForbidden = 403 "origin_forbidden": "The page may not talk to this server", "Add the page's origin to the channel's `origins`.";

    // The staff
    StaffRequired = 401 "staff_required": "Nobody of the staff is signed in", "Sign in: open a one-time link (`patchbay user link`), or use the sign-in page.";
    NothingToCopy = 409 "nothing_to_copy": "The conversation cannot be made a test", "Copy one in which a customer wrote something that is still kept.";
    SignInWrong = 401 "sign_in_wrong": "The sign-in was not accepted", "Check address, password and code, or use another way; a code counts once.";
    PasskeysImpossible = 409 "passkeys_impossible": "Passkeys cannot be used at this address", "Open the desk under a name (https://support.example, or http://localhost): browsers refuse passkeys elsewhere.";
    RoleMissing = 403 "role_missing": "Your roles do not allow this", "An admin can give you the role that is named.";
    DeskHeaderMissing = 403 "desk_header_missing": "The request does not come from the desk", "Send `Patchbay-Desk: 1`.";
    StartLinkUsed = 410 "start_link_used": "The link was used or has expired", "Ask for a new one; whoever runs the server makes it with `patchbay user link`.";
    StaffConflict = 409 "staff_conflict": "The staff is not as the request expects", "Read who belongs to the staff and try again.";

    // Messages
    MessageEmpty = 422 "message_empty": "The message has no visible text", "Write something.";
    MessageTooLong = 422 "message_too_long": "The message is too long", "Write at most 8,000 characters.";
    // Files
    FileEmpty = 422 "file_empty": "The file is empty", "Choose another file.";
    FileTooLarge = 413 "file_too_large": "The file is too large", "Send a smaller one; `GET /v1/files` says how large a file may be.";
    FileTypeMismatch = 415 "file_type_mismatch": "The file is not what it calls itself", "Send the original file, with its own ending and type.";
    FileTypeRefused = 415 "file_type_refused": "Files of this kind are not taken here", "Send one of the kinds that `GET /v1/files` lists.";
    ArchiveRefused = 422 "archive_refused": "The archive is not safe to open", "Send the files one by one.";
    ImageTooLarge = 422 "image_too_large": "The picture has too many pixels", "Send a smaller picture.";
    FileUnknown = 422 "file_unknown": "The message names a file that is not there", "Send the file to this conversation first, and name it in one message.";

    RateLimited = 429 "rate_limited": "Too many requests", "Wait as long as `Retry-After` says. What was accepted before is kept.";
    IdempotencyConflict = 409 "idempotency_conflict": "The id was used for another message", "Use a new id for a new message.";
    ConversationClosed = 409 "conversation_closed": "The conversation has ended", "Go on in the one that `successor` names, or open a new one.";
    ConversationErased = 410 "conversation_erased": "The conversation was erased", "Its customer was forgotten with everything that was said. Open a new one.";

    // Actions
    ConfirmationRequired = 428 "confirmation_required": "The action needs a confirmation for exactly what was shown", "Send the `digest` of the proposal with the decision.";
    ConfirmationMismatch = 409 "confirmation_mismatch": "The confirmation is for something else", "Show the latest proposal and ask again.";
    ConfirmationUsed = 409 "confirmation_used": "The proposal has already been decided", "Read the conversation to see what became of it.";
    ConfirmationExpired = 410 "confirmation_expired": "The proposal has expired", "Ask for it again.";

    // The desk
    AlreadyTaken = 409 "already_taken": "Somebody else has the conversation", "Read who has it, or ask them to pass it on.";
    NotHeld = 409 "not_held": "Nobody of the staff has the conversation", "Take it first.";
    NotOffered = 409 "not_offered": "The conversation is not offered to you", "Take it, or wait until it is offered.";
    NotResolved = 409 "not_resolved": "The conversation is not resolved", "It is open already: answer it.";
    NotMerged = 409 "not_merged": "The conversation is not merged", "There is nothing to take back.";
    MergeFinal = 409 "merge_final": "The merge cannot be taken back any more", "A merge can be taken back for 30 days; go on in the conversation it was merged into.";
    QueueUnknown = 422 "queue_unknown": "There is no queue of this name", "Name a queue of the configuration.";
    Away = 409 "away": "Nothing is given to people who are away", "Name a colleague who is there, or a queue; come back yourself to be given conversations.";
    AlreadyDecided = 409 "already_decided": "Somebody decided about this already", "Read the conversation to see what became of it.";
    StillRunning = 409 "still_running": "The same action is not settled yet", "Wait until it is settled, or settle it by hand.";
    ActionRefused = 422 "action_refused": "The rules do not allow this now", "Read the reason; what is refused to the bot is refused here.";
    AmountInvalid = 422 "amount_invalid": "The amount cannot be used", "Send an amount above zero, in the currency and within the bounds that the reason names.";
    AddressInvalid = 422 "address_invalid": "The address cannot be used", "Correct the part that is named.";
    IdInvalid = 422 "id_invalid": "The id does not look like one", "Send an id as the reason describes it.";
    ArgumentInvalid = 422 "argument_invalid": "An argument cannot be used", "Correct the argument that is named.";
    LimitExceeded = 422 "limit_exceeded": "It goes beyond what the rules allow in a while", "Wait, or let somebody decide who may go beyond the limit.";
    StateForbids = 409 "state_forbids": "It cannot be done as things stand", "Read how it stands and what is possible instead.";
    AlreadyRated = 409 "already_rated": "This was rated already", "There is nothing more to do.";
    NothingToRate = 409 "nothing_to_rate": "There is nothing to rate yet", "Wait until the conversation is resolved.";

    // Ourselves
    Overloaded = 503 "overloaded": "Too much at once", "Try again as `Retry-After` says; nothing of this request was accepted.";
    StorageUnavailable = 503 "storage_unavailable": "The log cannot be written or read", "Try again as `Retry-After` says; nothing of this request was accepted. The operator's log names the cause.";
    NotReady = 503 "not_ready": "Not ready yet", "Starting up or going down; send no traffic here for now.";
    StorageFull = 507 "storage_full": "The disk is full", "Nothing of this request was accepted. Intake resumes by itself once there is space.";
    Internal = 500 "internal": "A mistake of ours", "Report the `request_id`; nothing else is needed to find it.";
}
