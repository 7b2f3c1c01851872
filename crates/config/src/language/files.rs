//! Which files people may send along.

use crate::shape::{Record, SIZE, Scalar, Shape, or, record};

/// Files that people send along.
pub(super) static FILES: Shape = Shape::Record(&SECTION);

static SECTION: Record = record(
    "the section files",
    &[
        or(
            "allow",
            &Shape::List(&Shape::Leaf(Scalar::Word(&["image", "pdf", "text", "office", "archive", "audio", "video"]))),
            "[image, pdf, text, office, archive]",
            "The kinds of file that are taken; none at all when the list is empty.",
        ),
        or("largest", &SIZE, "20MiB", "The most bytes of one file, at most 20MiB."),
    ],
);
