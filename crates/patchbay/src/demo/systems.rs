//! The demo's configuration: the example file, the systems' documents, and the values that are known only at start.

use crate::ports::SystemChance;
use patchbay_core::Chance;
use patchbay_world::{Credentials, Running, ServiceName};
use std::collections::BTreeMap;
use std::path::Path;

/// The example configuration, file by file, as it stands in the repository.
const CONFIGURATION: &[(&str, &str)] = &[
    ("patchbay.yaml", include_str!("../../../../examples/demo/patchbay.yaml")),
    ("types/changes.yaml", include_str!("../../../../examples/demo/types/changes.yaml")),
    ("tools/order-changes.yaml", include_str!("../../../../examples/demo/tools/order-changes.yaml")),
    ("tools/account-changes.yaml", include_str!("../../../../examples/demo/tools/account-changes.yaml")),
    ("tools/service-changes.yaml", include_str!("../../../../examples/demo/tools/service-changes.yaml")),
    ("tools/lookups.yaml", include_str!("../../../../examples/demo/tools/lookups.yaml")),
    ("skills/order-changes.yaml", include_str!("../../../../examples/demo/skills/order-changes.yaml")),
    ("skills/account-changes.yaml", include_str!("../../../../examples/demo/skills/account-changes.yaml")),
    ("skills/service-changes.yaml", include_str!("../../../../examples/demo/skills/service-changes.yaml")),
    ("replies/desk.yaml", include_str!("../../../../examples/demo/replies/desk.yaml")),
    ("texts/changes.yaml", include_str!("../../../../examples/demo/texts/changes.yaml")),
];

/// The systems' interface descriptions.
const DOCUMENTS: &[(&str, &str)] = &[
    ("crm", include_str!("../../../world/openapi/crm.json")),
    ("orders", include_str!("../../../world/openapi/orders.json")),
    ("warehouse", include_str!("../../../world/openapi/warehouse.json")),
    ("carrier", include_str!("../../../world/openapi/carrier.json")),
    ("billing", include_str!("../../../world/openapi/billing.json")),
    ("provisioning", include_str!("../../../world/openapi/provisioning.json")),
];

/// The shop's knowledge.
const KNOWLEDGE: &[(&str, &str)] = &[
    ("address", include_str!("../../../../examples/demo/knowledge/address.md")),
    ("cancelling", include_str!("../../../../examples/demo/knowledge/cancelling.md")),
    ("delivery", include_str!("../../../../examples/demo/knowledge/delivery.md")),
    ("payment", include_str!("../../../../examples/demo/knowledge/payment.md")),
    ("plans", include_str!("../../../../examples/demo/knowledge/plans.md")),
    ("privacy", include_str!("../../../../examples/demo/knowledge/privacy.md")),
    ("returns", include_str!("../../../../examples/demo/knowledge/returns.md")),
    ("support", include_str!("../../../../examples/demo/knowledge/support.md")),
    ("warranty", include_str!("../../../../examples/demo/knowledge/warranty.md")),
    ("winter-offer", include_str!("../../../../examples/demo/knowledge/winter-offer.md")),
];

/// Writes the configuration and the documents into a folder. What a person changed there before is kept.
pub(crate) fn write_configuration(folder: &Path) -> std::io::Result<()> {
    let documents = folder.join("specs");
    std::fs::create_dir_all(&documents)?;
    for (name, document) in DOCUMENTS {
        std::fs::write(documents.join(format!("{name}.json")), document)?;
    }
    let knowledge = folder.join("knowledge");
    if !knowledge.exists() {
        std::fs::create_dir_all(&knowledge)?;
        for (name, article) in KNOWLEDGE {
            std::fs::write(knowledge.join(format!("{name}.md")), article)?;
        }
    }
    // What is merged belongs together: the files of another version are not mixed with those of this one.
    if folder.join("patchbay.yaml").exists() {
        return Ok(());
    }
    for (name, text) in CONFIGURATION {
        let file = folder.join(name);
        std::fs::create_dir_all(file.parent().unwrap_or(folder))?;
        std::fs::write(file, text)?;
    }
    Ok(())
}

/// A secret for the shop's tokens, new at each start.
pub(crate) fn host_secret() -> String {
    let mut bytes = [0; 32];
    SystemChance.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The values the configuration asks for.
pub(crate) fn environment(world: &Running, folder: &Path, listen: &str, host_secret: &str) -> BTreeMap<String, String> {
    let mut values = BTreeMap::from([
        ("PATCHBAY_LISTEN".to_owned(), listen.to_owned()),
        ("PATCHBAY_PUBLIC_URL".to_owned(), format!("http://{listen}")),
        ("PATCHBAY_DATA_DIR".to_owned(), folder.join("data").display().to_string()),
        ("SHOP_ORIGIN".to_owned(), format!("http://{listen}")),
        ("HOST_SECRET".to_owned(), host_secret.to_owned()),
    ]);
    for endpoint in world.endpoints() {
        let name = endpoint.service.as_str().to_uppercase();
        values.insert(format!("{name}_URL"), endpoint.url.clone());
        let (ending, secret) = secret(endpoint.service, &endpoint.credentials);
        values.insert(format!("{name}_{ending}"), secret);
    }
    values
}

/// What a system wants to be shown, and the ending of the variable that holds it.
fn secret(service: ServiceName, credentials: &Credentials) -> (&'static str, String) {
    match credentials {
        Credentials::ApiKey { key, .. } if service == ServiceName::Provisioning => {
            ("TOKEN", key.strip_prefix("Token ").unwrap_or(key).to_owned())
        }
        Credentials::ApiKey { key, .. } => ("KEY", key.clone()),
        Credentials::Basic { password, .. } => ("PASSWORD", (*password).to_owned()),
        Credentials::Bearer { token } => ("TOKEN", (*token).to_owned()),
        Credentials::Jwt { secret, .. } => ("SECRET", (*secret).to_owned()),
        Credentials::OAuth { client_secret, .. } => ("SECRET", (*client_secret).to_owned()),
    }
}
