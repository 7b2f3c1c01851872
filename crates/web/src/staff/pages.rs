//! The desk's pages: one shell for every address of it, and the files the shell loads.

use super::guard;
use crate::assets;
use crate::hall::Hall;
use crate::problem::{Code, Problem};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Redirect, Response};

/// The shell, as a file of the user interface.
const SHELL: &str = "desk/index.html";

/// Any address below `/desk`: a file where there is one, else the shell for whoever is signed in. The others are shown the way in.
pub(crate) async fn page(State(hall): State<Hall>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("desk/") && path != SHELL && hall.asset(path).is_some() {
        return assets::file(&hall, path, &headers);
    }
    match guard::recognise(&hall, &headers).await {
        Ok(_) => assets::file(&hall, SHELL, &headers),
        Err(problem) if problem.code() == Code::StaffRequired => Ok(Redirect::to(&format!("/start?next={}", uri.path())).into_response()),
        Err(problem) => Err(problem),
    }
}
