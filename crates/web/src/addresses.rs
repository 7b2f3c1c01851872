//! The one table of all addresses.

use crate::hall::Hall;
use crate::problem::Code;
use crate::{assets, explain, health, openapi, request, v1};
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
        .routes(routes!(v1::actions::decide))
        .routes(routes!(v1::turns::read))
        .routes(routes!(v1::events::follow))
        .routes(routes!(v1::passages::read))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .split_for_parts();
    let document = openapi::finish(document, hall.public_url());

    // Pages and files.
    let pages = Router::new()
        .route("/openapi.json", get(move || async move { openapi::serve(document) }))
        .route("/problems", get(explain::list))
        .route("/problems/{code}", get(explain::one))
        .route("/widget.js", get(assets::loader))
        .route("/widget/{*path}", get(assets::widget));

    api.merge(pages)
        .with_state(hall.clone())
        .merge(extra)
        .fallback(async || Code::NotFound)
        .method_not_allowed_fallback(async || Code::MethodNotAllowed)
        .layer(from_fn_with_state(hall.clone(), request::around))
}
