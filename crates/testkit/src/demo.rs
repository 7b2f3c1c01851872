//! The demo's configuration in a folder of its own, pointed at the simulated systems of this test.

use patchbay_world::{Credentials, Running, ServiceName};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The example the demo runs on, as it stands in the repository.
const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/demo");

/// Copies the configuration with a change and writes the systems' documents beside it; gives the configuration's path.
pub(crate) fn write(folder: &Path, change: &dyn Fn(String) -> String) -> PathBuf {
    let documents = folder.join("specs");
    std::fs::create_dir_all(&documents).unwrap();
    for service in ServiceName::ALL {
        std::fs::write(documents.join(format!("{}.json", service.as_str())), service.document()).unwrap();
    }
    copy(Path::new(EXAMPLE), folder);
    let file = folder.join("patchbay.yaml");
    std::fs::write(&file, change(std::fs::read_to_string(&file).unwrap())).unwrap();
    file
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The values the configuration asks for.
pub(crate) fn environment(world: &Running) -> BTreeMap<String, String> {
    let mut values = BTreeMap::from([("HOST_SECRET".to_owned(), "0123456789abcdef0123456789abcdef".to_owned())]);
    for endpoint in world.endpoints() {
        let name = endpoint.service.as_str().to_uppercase();
        let (ending, secret) = match &endpoint.credentials {
            Credentials::ApiKey { key, .. } => key.strip_prefix("Token ").map_or(("KEY", key.as_str()), |token| ("TOKEN", token)),
            Credentials::Basic { password, .. } => ("PASSWORD", *password),
            Credentials::Bearer { token } => ("TOKEN", *token),
            Credentials::Jwt { secret, .. } => ("SECRET", *secret),
            Credentials::OAuth { client_secret, .. } => ("SECRET", *client_secret),
        };
        values.insert(format!("{name}_{ending}"), secret.to_owned());
        values.insert(format!("{name}_URL"), endpoint.url.clone());
    }
    values
}
