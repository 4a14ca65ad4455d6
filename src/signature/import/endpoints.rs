//! Microsoft 365 endpoints: the answer of the published web service
//! (`https://endpoints.office.com/endpoints/worldwide`), an array of endpoint sets.

use serde_json::Value;

use super::{Collection, LeftOut, Owner};
use crate::signature::Category;

/// Reads the sets; `false` when the value has another shape.
pub(super) fn read(value: &Value, collection: &mut Collection<'_>) -> bool {
    let Some(sets) = value.as_array() else { return false };
    let is_set = |set: &Value| set.get("serviceArea").is_some() && set.get("id").is_some();
    if sets.is_empty() || !sets.iter().all(is_set) {
        return false;
    }
    collection.imported.kind = "Microsoft 365 endpoints";
    for set in sets {
        endpoint_set(set, collection);
    }
    true
}

fn endpoint_set(set: &Value, collection: &mut Collection<'_>) {
    let text = |field: &str| set.get(field).and_then(Value::as_str).unwrap_or_default();
    let id = set.get("id").map(Value::to_string).unwrap_or_default();
    let part = format!("set {id}");
    let area = text("serviceAreaDisplayName");
    let required = set.get("required").and_then(Value::as_bool) == Some(true);
    let says = format!(
        "endpoint set {id}, class {}, {}",
        text("category"),
        if required { "required" } else { "optional" }
    );
    let purpose = match text("notes") {
        "" => "connectivity of the service".to_owned(),
        notes => notes.to_owned(),
    };
    let owner = Owner {
        vendor: "Microsoft",
        product: if area.is_empty() { "Microsoft 365" } else { area },
        category: collection.facts.category.unwrap_or(Category::Functional),
        purpose: &purpose,
        says: &says,
        part: &part,
    };
    for url in strings(set, "urls") {
        collection.take(&[url.to_ascii_lowercase()], None, url, &owner);
    }
    let ports: Vec<String> = [("tcpPorts", "tcp"), ("udpPorts", "udp")]
        .into_iter()
        .flat_map(|(field, protocol)| {
            let ports = text(field).split(',').map(str::trim).filter(|port| !port.is_empty());
            ports.map(move |port| format!("{protocol}/{port}"))
        })
        .filter(|port| crate::signature::network::ServicePort::parse(port).is_some())
        .collect();
    for ip in strings(set, "ips") {
        match ip.parse::<ipnet::IpNet>() {
            Ok(net) if !ports.is_empty() => {
                let signature = collection.signature(&owner);
                signature.networks.push(net.trunc());
                signature.ports.clone_from(&ports);
                collection.imported.entries += 1;
                collection.imported.taken += 1;
            }
            _ => collection.leave_out(LeftOut::Address, None, ip),
        }
    }
}

fn strings<'v>(set: &'v Value, field: &str) -> impl Iterator<Item = &'v str> {
    set.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
