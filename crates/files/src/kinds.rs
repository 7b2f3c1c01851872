//! The kinds of file that can be taken: their endings, their media types, and how their content is recognised.

use patchbay_core::words::FileGroup;

/// How the content of a kind is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// By the signature of one of these media types.
    Signature(&'static [&'static str]),
    /// It is a ZIP archive that holds this.
    Zipped(Holds),
    /// It begins with these bytes.
    Begins(&'static [u8]),
    /// It is text.
    Text,
}

/// What an archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Anything.
    Files,
    /// A document whose parts lie in this folder.
    Folder(&'static str),
    /// A document that states this media type.
    Stated(&'static str),
}

/// One kind of file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) group: FileGroup,
    pub(crate) endings: &'static [&'static str],
    pub(crate) media: &'static str,
    /// What browsers and systems call it too.
    pub(crate) also: &'static [&'static str],
    pub(crate) proof: Proof,
    /// Do browsers show it, and safely?
    pub(crate) shown: bool,
}

/// Bytes a compound document of older office programs begins with.
const COMPOUND: Proof = Proof::Begins(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);

const fn kind(group: FileGroup, endings: &'static [&'static str], media: &'static str, proof: Proof) -> Kind {
    Kind { group, endings, media, also: &[], proof, shown: false }
}

const fn picture(endings: &'static [&'static str], media: &'static str, proof: Proof) -> Kind {
    Kind { shown: true, ..kind(FileGroup::Image, endings, media, proof) }
}

const fn also(also: &'static [&'static str], kind: Kind) -> Kind {
    Kind { also, ..kind }
}

use FileGroup::{Archive, Audio, Image, Office, Pdf, Text, Video};
use Proof::{Begins, Signature, Zipped};

/// Every kind.
pub(crate) static KINDS: &[Kind] = &[
    picture(&["png"], "image/png", Signature(&["image/png"])),
    also(&["image/jpg", "image/pjpeg"], picture(&["jpg", "jpeg", "jfif"], "image/jpeg", Signature(&["image/jpeg"]))),
    picture(&["gif"], "image/gif", Signature(&["image/gif"])),
    picture(&["webp"], "image/webp", Signature(&["image/webp"])),
    picture(&["avif"], "image/avif", Signature(&["image/avif"])),
    also(&["image/heif"], kind(Image, &["heic", "heif"], "image/heic", Signature(&["image/heif", "image/heic"]))),
    also(&["image/x-ms-bmp"], kind(Image, &["bmp"], "image/bmp", Signature(&["image/bmp"]))),
    kind(Image, &["tif", "tiff"], "image/tiff", Signature(&["image/tiff"])),
    Kind { shown: true, ..kind(Pdf, &["pdf"], "application/pdf", Signature(&["application/pdf"])) },
    kind(Text, &["txt", "text", "log"], "text/plain", Proof::Text),
    also(&["text/plain", "text/x-markdown"], kind(Text, &["md", "markdown"], "text/markdown", Proof::Text)),
    also(&["text/plain", "application/csv", "application/vnd.ms-excel"], kind(Text, &["csv"], "text/csv", Proof::Text)),
    also(&["text/plain"], kind(Text, &["tsv"], "text/tab-separated-values", Proof::Text)),
    also(&["text/plain"], kind(Text, &["json"], "application/json", Proof::Text)),
    kind(Office, &["docx"], "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Zipped(Holds::Folder("word/"))),
    kind(Office, &["xlsx"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Zipped(Holds::Folder("xl/"))),
    kind(Office, &["pptx"], "application/vnd.openxmlformats-officedocument.presentationml.presentation", Zipped(Holds::Folder("ppt/"))),
    stated(&["odt"], "application/vnd.oasis.opendocument.text"),
    stated(&["ods"], "application/vnd.oasis.opendocument.spreadsheet"),
    stated(&["odp"], "application/vnd.oasis.opendocument.presentation"),
    kind(Office, &["doc"], "application/msword", COMPOUND),
    kind(Office, &["xls"], "application/vnd.ms-excel", COMPOUND),
    kind(Office, &["ppt"], "application/vnd.ms-powerpoint", COMPOUND),
    also(&["text/rtf", "application/msword"], kind(Office, &["rtf"], "application/rtf", Begins(b"{\\rtf"))),
    also(&["application/x-zip-compressed", "application/x-zip"], kind(Archive, &["zip"], "application/zip", Zipped(Holds::Files))),
    also(&["audio/mp3"], kind(Audio, &["mp3"], "audio/mpeg", Signature(&["audio/mpeg"]))),
    also(&["audio/x-m4a"], kind(Audio, &["m4a"], "audio/mp4", Signature(&["audio/m4a"]))),
    kind(Audio, &["ogg", "oga", "opus"], "audio/ogg", Signature(&["audio/ogg", "audio/opus"])),
    also(&["audio/x-wav", "audio/wave"], kind(Audio, &["wav"], "audio/wav", Signature(&["audio/x-wav"]))),
    kind(Video, &["mp4", "m4v"], "video/mp4", Signature(&["video/mp4", "video/x-m4v"])),
    kind(Video, &["mov"], "video/quicktime", Signature(&["video/quicktime"])),
    kind(Video, &["webm"], "video/webm", Signature(&["video/webm"])),
];

const fn stated(endings: &'static [&'static str], media: &'static str) -> Kind {
    kind(Office, endings, media, Zipped(Holds::Stated(media)))
}

impl Kind {
    /// The kind whose names end like this.
    pub(crate) fn by_ending(ending: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.endings.contains(&ending))
    }

    /// The kind of this media type.
    pub(crate) fn by_media(media: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.media == media)
    }

    /// Is this media type a name of it, or of nothing we know?
    pub(crate) fn may_be_called(&self, media: &str) -> bool {
        self.media == media || self.also.contains(&media) || !KINDS.iter().any(|kind| kind.media == media || kind.also.contains(&media))
    }
}
