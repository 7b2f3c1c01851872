//! Visitors' passes: read back, bound to their visitor, over when they are over.

use super::{Count, NOW, Watch, secret};
use crate::{InstanceSecret, NotUsable, Visitors};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

fn visitors(secret: InstanceSecret, watch: Arc<Watch>) -> Visitors {
    Visitors::new(secret, Duration::from_secs(3600), watch, Arc::new(Count(AtomicI64::new(0))))
}

#[test]
fn a_pass_is_read_back_until_it_expires_and_can_be_renewed() {
    let watch = Watch::new();
    let visitors = visitors(secret(), watch.clone());
    let pass = visitors.admit();
    assert_eq!(visitors.read(&pass.token), Ok(pass.visitor.clone()));
    watch.set(NOW + 3599);
    let renewed = visitors.renew(visitors.read(&pass.token).unwrap());
    watch.set(NOW + 3600);
    assert!(visitors.read(&pass.token).unwrap_err().reason().contains("expired"));
    assert_eq!(visitors.read(&renewed.token), Ok(pass.visitor));
}

#[test]
fn a_changed_or_foreign_pass_is_not_read() {
    let visitors = visitors(secret(), Watch::new());
    let token = visitors.admit().token;
    for place in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[place] = if changed[place] == b'1' { b'2' } else { b'1' };
        assert!(visitors.read(&String::from_utf8(changed).unwrap()).is_err(), "byte {place}");
    }
    let elsewhere = self::visitors(InstanceSecret::new(vec![8; 32]).unwrap(), Watch::new());
    assert!(elsewhere.read(&token).is_err());
    for length in 0..token.len() {
        assert!(visitors.read(&token[..length]).is_err());
    }
}

#[test]
fn pseudonyms_differ_between_installations_and_customers() {
    let other = InstanceSecret::new(vec![8; 32]).unwrap();
    let ids = BTreeSet::from([secret().pseudonym("mika"), secret().pseudonym("bob"), other.pseudonym("mika"), secret().pseudonym("mika")]);
    assert_eq!(ids.len(), 3);
    assert_eq!(InstanceSecret::new(vec![1; 31]).unwrap_err(), NotUsable::ShortInstanceSecret(31));
    assert_eq!(format!("{other:?}"), "instance secret (32 bytes)");
}
