//! Backends: their documents are there, their addresses make sense.

use super::Check;
use crate::files::Files;
use patchbay_core::declare::{Auth, BackendKind};

impl Check<'_> {
    pub(super) fn backends(&mut self, files: &dyn Files) {
        for (name, backend) in &self.company.backends {
            let BackendKind::Openapi { spec, .. } = &backend.kind;
            if !files.exists(spec) {
                self.missing(&format!("backends.{name}.spec"), "file", spec, "put the OpenAPI document there");
            }
            let is_header = |auth: &&Auth| {
                matches!(auth, Auth::Basic { .. } | Auth::Bearer { .. } | Auth::Oauth2ClientCredentials { .. } | Auth::Jwt { .. })
            };
            if backend.auth.iter().filter(is_header).count() > 1 {
                let message = "two of these ways write the same header (Authorization)";
                self.report.add(&format!("backends.{name}.auth"), message, "keep one of them; api keys may stand beside it");
            }
        }
    }
}
