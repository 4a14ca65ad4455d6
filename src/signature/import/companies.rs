//! Trackers by company: Disconnect's `services.json`; `DuckDuckGo`'s tracker data set (`tds.json`)
//! and the files of its tracker radar (one object for each domain).

use serde_json::{Map, Value};

use super::{Collection, LeftOut, Owner, UNSTATED};
use crate::signature::Category;

/// Reads either; `false` when the value has another shape.
pub(super) fn read(value: &Value, collection: &mut Collection<'_>) -> bool {
    let Some(top) = value.as_object() else { return false };
    if let Some(classes) = top.get("categories").and_then(Value::as_object) {
        collection.imported.kind = "trackers of Disconnect";
        for (class, companies) in classes {
            disconnect(class, companies, collection);
        }
        return true;
    }
    if let Some(trackers) = top.get("trackers").and_then(Value::as_object) {
        collection.imported.kind = "trackers of DuckDuckGo";
        for (domain, tracker) in trackers {
            duckduckgo(domain, tracker, collection);
        }
        return true;
    }
    if let Some(domain) = top.get("domain").and_then(Value::as_str)
        && top.contains_key("owner")
    {
        collection.imported.kind = "tracker of DuckDuckGo";
        duckduckgo(domain, value, collection);
        return true;
    }
    false
}

/// `{ "Advertising": [ { "Acme": { "https://acme.example": ["acme.example", …], … } }, … ] }`
fn disconnect(class: &str, companies: &Value, collection: &mut Collection<'_>) {
    let says = format!("listed under {class}");
    let none = Map::new();
    let companies = companies.as_array().into_iter().flatten();
    for (company, sites) in companies.filter_map(Value::as_object).flatten() {
        let sites = sites.as_object().unwrap_or(&none);
        // Beside the domains there are remarks: "performance": "true".
        for domain in sites.values().filter_map(Value::as_array).flatten() {
            let Some(domain) = domain.as_str() else { continue };
            take(domain, company, &[class], &says, collection);
        }
    }
}

fn duckduckgo(domain: &str, tracker: &Value, collection: &mut Collection<'_>) {
    let owner = tracker.get("owner");
    let name = |field| owner.and_then(|owner| owner.get(field)).and_then(Value::as_str);
    let company = name("displayName").or_else(|| name("name")).unwrap_or(UNSTATED);
    let classes: Vec<&str> = tracker
        .get("categories")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let says = match classes.as_slice() {
        [] => "listed as a tracker".to_owned(),
        classes => format!("listed as a tracker: {}", classes.join(", ")),
    };
    take(domain, company, &classes, &says, collection);
}

/// A domain of such a list means all below it, too.
fn take(
    domain: &str,
    company: &str,
    classes: &[&str],
    says: &str,
    collection: &mut Collection<'_>,
) {
    let known = classes.iter().find_map(|class| category(class));
    let Some(category) = collection.facts.category.or(known) else {
        collection.leave_out(LeftOut::Class, None, &format!("{domain}: {}", classes.join(", ")));
        return;
    };
    let vendor = collection.facts.vendor.clone();
    let owner = Owner {
        vendor: vendor.as_deref().unwrap_or(company),
        product: company,
        category,
        purpose: "tracking on sites and in applications",
        says,
        part: "",
    };
    let host = domain.to_ascii_lowercase();
    collection.take(&[host.clone(), format!("*.{host}")], None, domain, &owner);
}

/// The category that a class of either list comes to, where there is one.
fn category(class: &str) -> Option<Category> {
    Some(match class {
        "Advertising" | "Ad Motivated Tracking" | "Action Pixels" | "Ad Fraud" => {
            Category::Advertising
        }
        "Analytics" | "Audience Measurement" | "Third-Party Analytics Marketing" => {
            Category::AnalyticsSdk
        }
        "Session Replay" => Category::AnalyticsSdk,
        "Content" | "CDN" | "Federated Login" | "Embedded Content" => Category::Functional,
        _ => return None,
    })
}
