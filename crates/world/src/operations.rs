//! Which operation of a service's document a request is: method and path template to operation id.

use hyper::Method;
use serde_json::Value;

/// The operations of one OpenAPI document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Operations(Vec<Operation>);

#[derive(Clone, Debug)]
struct Operation {
    id: String,
    method: Method,
    /// The path's segments; `None` stands for a parameter.
    segments: Vec<Option<String>>,
}

impl Operations {
    /// Reads the operations of `document`, whose paths stand under `base` (such as `/retail`, or nothing).
    pub(crate) fn of(document: &Value, base: &str) -> Self {
        let mut operations = Vec::new();
        for (path, methods) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                let method = method.to_ascii_uppercase().parse();
                if let (Ok(method), Some(id)) = (method, operation["operationId"].as_str()) {
                    let segments = format!("{base}{path}").split('/').skip(1).map(segment).collect();
                    operations.push(Operation { id: id.to_owned(), method, segments });
                }
            }
        }
        // A literal segment goes before a parameter in the same place.
        operations.sort_by_key(|operation| operation.segments.iter().map(Option::is_none).collect::<Vec<_>>());
        Self(operations)
    }

    /// Whether there is an operation with this id.
    pub(crate) fn contains(&self, id: &str) -> bool {
        self.0.iter().any(|operation| operation.id == id)
    }

    /// The id of the operation that `method` on `path` (still percent-encoded) is.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Option<&str> {
        let fits = |operation: &&Operation| {
            operation.method == *method
                && path.split('/').skip(1).count() == operation.segments.len()
                && path.split('/').skip(1).zip(&operation.segments).all(|(given, wanted)| match wanted {
                    Some(literal) => literal == given,
                    None => !given.is_empty(),
                })
        };
        self.0.iter().find(fits).map(|operation| operation.id.as_str())
    }
}

fn segment(text: &str) -> Option<String> {
    (!text.starts_with('{')).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::Operations;
    use hyper::Method;
    use serde_json::json;

    #[test]
    fn literal_segments_win_over_parameters() {
        let document = json!({ "paths": {
            "/a/{id}": { "get": { "operationId": "one" } },
            "/a/by-name": { "get": { "operationId": "named" }, "post": { "operationId": "made" } },
        } });
        let operations = Operations::of(&document, "/base");
        assert_eq!(operations.find(&Method::GET, "/base/a/%2317"), Some("one"));
        assert_eq!(operations.find(&Method::GET, "/base/a/by-name"), Some("named"));
        assert_eq!(operations.find(&Method::POST, "/base/a/by-name"), Some("made"));
        assert_eq!(operations.find(&Method::GET, "/a/17"), None);
    }
}
