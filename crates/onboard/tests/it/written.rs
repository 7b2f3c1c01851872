//! A small clinic's booking system: its document, real answers of it, and the configuration written for them.

use patchbay_config::{Memory, load_from};
use patchbay_connect::openapi::Document;
use patchbay_onboard::{Learned, Proposal, Start, Taken, backend_file, credentials, draft, learn, propose, start};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn document() -> Document {
    let id = json!({ "name": "appointment_id", "in": "path", "required": true, "schema": { "type": "string" } });
    let patient = json!({ "name": "patient_id", "in": "path", "required": true, "schema": { "type": "string" } });
    let good = json!({ "200": { "description": "good" } });
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Bookings API", "version": "1" },
        "servers": [{ "url": "https://bookings.example/v1" }],
        "components": { "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name": "X-Key" } } },
        "paths": {
            "/patients/{patient_id}/appointments": { "get": { "operationId": "listAppointments", "summary": "List a patient's appointments.", "parameters": [patient], "responses": good } },
            "/appointments/{appointment_id}": { "get": { "operationId": "getAppointment", "summary": "Read an appointment.", "parameters": [id], "responses": good } },
            "/appointments/{appointment_id}/cancel": { "post": {
                "operationId": "cancelAppointment", "summary": "Cancel an appointment.",
                "parameters": [id, { "name": "Idempotency-Key", "in": "header", "required": true, "schema": { "type": "string" } }],
                "requestBody": { "required": true, "content": { "application/json": { "schema": {
                    "type": "object", "required": ["reason"], "properties": { "reason": { "type": "string", "enum": ["ill", "no_time", "other"] } } } } } },
                "responses": good
            } },
            "/appointments/{appointment_id}/reschedule": { "post": { "operationId": "rescheduleAppointment", "parameters": [id], "responses": good,
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "type": "object", "required": ["window"], "properties": { "window": { "type": "object" } } } } } } } },
            "/admin/rooms": { "get": { "operationId": "listRooms", "responses": good } },
        }
    });
    Document::read(document.to_string().as_bytes()).expect("the clinic's document")
}

fn answer(operation: &str) -> Option<Value> {
    let appointment = json!({ "id": "AP-20311", "patient_id": "p-77", "status": "booked", "starts_at": "2026-12-01T09:30:00Z", "doctor": { "name": "Dr. Lind" }, "insurance_card": { "number": "8017" } });
    match operation {
        "getAppointment" => Some(json!({ "data": appointment })),
        "listAppointments" => Some(json!({ "appointments": [appointment] })),
        _ => None,
    }
}

/// Everything proposed, with what its answers teach.
fn chosen(document: &Document) -> Vec<(Proposal<'_>, Learned, Option<String>)> {
    propose(document)
        .proposed
        .into_iter()
        .map(|proposal| {
            let learned = learn(proposal.operation, answer(&proposal.operation.id).as_ref(), Some("p-77"));
            (proposal, learned, Some("AP-20311".to_owned()))
        })
        .collect()
}

#[test]
fn what_is_written_reads_well() {
    let document = document();
    let drafted = draft("bookings", &chosen(&document), &Taken::new());
    let all = [drafted.types, drafted.tools, drafted.skills, drafted.texts].join("\n");
    insta::assert_snapshot!(all);
    assert_eq!(drafted.closed, []);
}

#[test]
fn what_was_left_out_says_why() {
    let document = document();
    let why: Vec<String> = propose(&document).left_out.into_iter().map(|out| format!("{}: {}", out.operation.id, out.why)).collect();
    assert_eq!(why, ["rescheduleAppointment: its body is a form of many parts: declare its arguments by hand"]);
}

#[test]
fn a_read_that_does_not_say_whose_it_is_stays_closed() {
    let document = document();
    let proposals = propose(&document).proposed;
    let read = proposals.into_iter().find(|proposal| proposal.operation.id == "getAppointment").expect("it is proposed");
    let learned = learn(read.operation, Some(&json!({ "id": "AP-20311", "status": "booked" })), Some("p-77"));
    let drafted = draft("bookings", &[(read, learned, None)], &Taken::new());
    assert_eq!(drafted.tools, "");
    assert!(drafted.closed[0].1.contains("does not say whose record it is"), "{:?}", drafted.closed);
}

#[test]
fn the_beginning_and_what_is_added_are_a_right_configuration() {
    let document = document();
    let drafted = draft("bookings", &chosen(&document), &Taken::new());
    let answers = Start {
        name: "Lind: \"Clinic\"".into(),
        language: "en".into(),
        zone: "Europe/Stockholm".into(),
        origins: vec!["https://clinic.example".into()],
        signs_in: true,
    };
    let mut files: BTreeMap<PathBuf, String> = start(&answers).into_iter().map(|(path, text)| (Path::new("/c").join(path), text)).collect();
    let credential = credentials(&document, "bookings", "https://bookings.example/v1");
    let sections = [
        ("backends", backend_file("bookings", "specs/bookings.json", "https://bookings.example/v1", credential.as_ref(), "a test")),
        ("types", drafted.types),
        ("tools", drafted.tools),
        ("skills", drafted.skills),
        ("texts", drafted.texts),
    ];
    for (section, text) in sections {
        files.insert(Path::new("/c").join(section).join("bookings.yaml"), text);
    }
    files.insert("/c/specs/bookings.json".into(), "{}".into());
    files.insert("/c/secrets/host".into(), "0123456789abcdef0123456789abcdef".into());
    let loaded = load_from(Path::new("/c"), &Memory(files), &|name| (name == "BOOKINGS_KEY").then(|| "k".to_owned()));
    let loaded = loaded.unwrap_or_else(|problems| panic!("{problems}"));
    let names = |map: Vec<&String>| map.into_iter().cloned().collect::<Vec<_>>();
    assert_eq!(names(loaded.company.tools.keys().collect()), ["appointment", "appointments", "cancel_appointment"]);
    let warnings: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings, Vec::<String>::new());
}
