//! The one table of all addresses.

use crate::hall::Hall;
use crate::problem::Code;
use crate::{assets, desk, explain, files, health, insight, openapi, request, staff, v1};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Every address, behind the layer that gives each request its id, its shield and its log line. `extra` are pages of the
/// roof's own, such as the demo's shop; they are covered by the same layer.
pub fn router(hall: &Hall, extra: Router) -> Router {
    // What the OpenAPI document describes.
    let (api, document) = OpenApiRouter::with_openapi(openapi::Document::openapi())
        .routes(routes!(v1::sessions::open))
        .routes(routes!(v1::conversations::open))
        .routes(routes!(v1::conversations::read))
        .routes(routes!(v1::messages::send))
        .routes(routes!(files::customer::rules))
        .routes(routes!(files::customer::send))
        .routes(routes!(files::customer::read))
        .routes(routes!(files::customer::content))
        .routes(routes!(v1::actions::decide))
        .routes(routes!(v1::turns::read))
        .routes(routes!(v1::events::follow))
        .routes(routes!(v1::person::ask))
        .routes(routes!(v1::ratings::rate))
        .routes(routes!(v1::passages::read))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .split_for_parts();
    let document = openapi::finish(document, hall.public_url());

    let (desk, desk_document) = staff_api(hall);
    let desk_document = openapi::finish(desk_document, hall.public_url());

    // Pages and files.
    let pages = Router::new()
        .route("/openapi.json", get(move || async move { openapi::serve(document) }))
        .route("/openapi-desk.json", get(move || async move { openapi::serve(desk_document) }))
        .route("/start", get(staff::start::page))
        .route("/start/page.css", get(staff::start::style))
        .route("/start/page.js", get(staff::start::script))
        .route("/sign-in", get(staff::sign_in::page))
        .route("/sign-in/page.js", get(staff::sign_in::script))
        .route("/account", get(staff::account::page))
        .route("/account/page.js", get(staff::account::script))
        .route("/desk", get(staff::pages::page))
        .route("/desk/{*path}", get(staff::pages::page))
        .route("/problems", get(explain::list))
        .route("/problems/{code}", get(explain::one))
        .route("/widget.js", get(assets::loader))
        .route("/widget/{*path}", get(assets::widget));

    api.merge(desk)
        .merge(pages)
        .with_state(hall.clone())
        .merge(extra)
        .fallback(async || Code::NotFound)
        .method_not_allowed_fallback(async || Code::MethodNotAllowed)
        .layer(from_fn_with_state(hall.clone(), request::around))
}

/// The addresses of the staff, behind their guard.
fn staff_api(hall: &Hall) -> (Router<Hall>, utoipa::openapi::OpenApi) {
    let (router, document) = OpenApiRouter::with_openapi(staff::document::Document::openapi())
        .routes(routes!(staff::start::start))
        .routes(routes!(staff::sign_in::password))
        .routes(routes!(staff::sign_in::ask))
        .routes(routes!(staff::sign_in::passkey))
        .routes(routes!(staff::account::password))
        .routes(routes!(staff::account::offer_code))
        .routes(routes!(staff::account::add_code))
        .routes(routes!(staff::account::offer_passkey))
        .routes(routes!(staff::account::add_passkey))
        .routes(routes!(staff::account::remove))
        .routes(routes!(staff::members::list))
        .routes(routes!(staff::members::add))
        .routes(routes!(staff::members::link))
        .routes(routes!(staff::members::change))
        .routes(routes!(staff::me::read))
        .routes(routes!(staff::me::sign_out))
        .routes(routes!(desk::queue::read))
        .routes(routes!(desk::search::read))
        .routes(routes!(desk::next::take))
        .routes(routes!(desk::events::follow))
        .routes(routes!(desk::presence::say))
        .routes(routes!(desk::colleagues::read))
        .routes(routes!(desk::availability::say))
        .routes(routes!(desk::conversation::read))
        .routes(routes!(desk::state::take))
        .routes(routes!(desk::state::accept))
        .routes(routes!(desk::state::decline))
        .routes(routes!(desk::state::resolve))
        .routes(routes!(desk::state::reopen))
        .routes(routes!(desk::merge::merge))
        .routes(routes!(desk::state::unmerge))
        .routes(routes!(desk::reply::send))
        .routes(routes!(files::at_desk::send))
        .routes(routes!(files::at_desk::read))
        .routes(routes!(files::at_desk::content))
        .routes(routes!(desk::note::send))
        .routes(routes!(desk::canned::list))
        .routes(routes!(desk::canned::fill))
        .routes(routes!(desk::snooze::snooze))
        .routes(routes!(desk::hand_back::hand_back))
        .routes(routes!(desk::transfer::transfer))
        .routes(routes!(insight::figures::read))
        .routes(routes!(insight::rows::read))
        .routes(routes!(insight::definitions::read))
        .routes(routes!(desk::cards::list, desk::cards::look))
        .routes(routes!(desk::actions::prepare))
        .routes(routes!(desk::actions::decide))
        .routes(routes!(desk::actions::approve))
        .routes(routes!(desk::actions::settled))
        .routes(routes!(desk::customer::read))
        .routes(routes!(desk::why::read))
        .routes(routes!(desk::as_test::read))
        .routes(routes!(desk::traces::read))
        .routes(routes!(desk::trace::one::read))
        .split_for_parts();
    (router.route_layer(from_fn_with_state(hall.clone(), staff::guard::api)), document)
}
