//! Words in names: `getCustomerOrders`, `customer_id` and `/shopping-carts/{id}` read as people read them.

/// The words of an identifier, in small letters: `customerId` is `customer`, `id`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for letter in name.chars() {
        if !letter.is_alphanumeric() {
            before = None;
            continue;
        }
        let begins = before.is_none_or(|before| letter.is_uppercase() && !before.is_uppercase());
        match words.last_mut() {
            Some(word) if !begins => word.extend(letter.to_lowercase()),
            _ => words.push(letter.to_lowercase().collect()),
        }
        before = Some(letter);
    }
    words
}

/// One of what a word names several of: `orders` → `order`, `deliveries` → `delivery`, `addresses` → `address`.
pub(crate) fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    let hisses = ["sses", "shes", "ches", "xes"].iter().any(|end| word.ends_with(end));
    if hisses {
        return word[..word.len() - 2].to_owned();
    }
    let stays = ["ss", "us", "is", "news", "series"].iter().any(|end| word.ends_with(end)) || word.len() < 4;
    if stays { word.to_owned() } else { word.strip_suffix('s').unwrap_or(word).to_owned() }
}

/// Several of what a word names one of.
pub(crate) fn plural(word: &str) -> String {
    match word.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if word.ends_with(['s', 'x']) || word.ends_with("ch") || word.ends_with("sh") => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

/// A name fit for the configuration: small letters, digits and underscores, a letter first.
pub(crate) fn key(words: &[String]) -> String {
    let joined = words.join("_");
    let kept: String = joined.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
    if kept.starts_with(|first: char| first.is_ascii_alphabetic()) { kept } else { format!("x{kept}") }
}

/// The name of a backend by the title of its document (`Halden Orders API` → `orders`, where the company is Halden), or by its
/// address.
#[must_use]
pub fn backend_name(company: &str, title: &str, address: &str) -> String {
    let own = words(company);
    const EMPTY: [&str; 8] = ["api", "rest", "service", "the", "v1", "v2", "v3", "openapi"];
    let meaning = |text: &str| -> Vec<String> {
        words(text)
            .into_iter()
            .filter(|word| !EMPTY.contains(&word.as_str()) && !own.contains(word))
            .filter(|word| word.is_ascii())
            .take(2)
            .collect()
    };
    let of_title = meaning(title);
    if !of_title.is_empty() {
        return key(&of_title);
    }
    let host = address.split("://").last().unwrap_or_default();
    let host = host.split(['/', ':']).next().unwrap_or_default();
    // A number, or this very machine, names no system.
    let nameless = host == "localhost" || host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let of_host = if nameless { Vec::new() } else { meaning(host.split('.').next().unwrap_or_default()) };
    if of_host.is_empty() { "backend".to_owned() } else { key(&of_host) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_people_read_them() {
        assert_eq!(words("getCustomerOrders"), ["get", "customer", "orders"]);
        assert_eq!(words("customer_id"), ["customer", "id"]);
        assert_eq!(words("shopping-carts"), ["shopping", "carts"]);
        assert_eq!(words("userID"), ["user", "id"]);
        for (many, one) in
            [("orders", "order"), ("deliveries", "delivery"), ("addresses", "address"), ("boxes", "box"), ("status", "status")]
        {
            assert_eq!(singular(many), one);
        }
        for (one, many) in [("order", "orders"), ("delivery", "deliveries"), ("key", "keys"), ("box", "boxes")] {
            assert_eq!(plural(one), many);
        }
        assert_eq!(backend_name("Halden Home", "Halden Orders API", ""), "orders");
        assert_eq!(backend_name("Halden", "", "https://billing.example/openapi.json"), "billing");
        assert_eq!(backend_name("Halden", "Halden", "http://127.0.0.1:8801/openapi.json"), "backend");
    }
}
