//! The place in line follows the order that the queue declares.

use super::house::Home;
use std::time::Duration;

/// The small company with one queue, in this order.
fn company(order: &str) -> String {
    let shop = include_str!("company.yaml");
    let queues = format!("escalation:\n  queues: {{ default: {{ for: always, order: {order}, sla: {{ first_reply: 30m }} }} }}\n");
    shop.replacen("escalation:\n", &queues, 1)
}

/// A calm visitor waits, and ten minutes later an upset one: their places now, and the number that the second one was told.
async fn places(order: &str) -> (u32, u32, u32) {
    let home = Home::of(&company(order));
    let calm = home.visit("vis_calm").await;
    calm.says("opening hours please").await;
    home.service.ask_person(&calm.session, &calm.id).await.unwrap();
    home.watch.advance(Duration::from_secs(600));
    let upset = home.visit("vis_upset").await;
    upset.says("this is outrageous, I am absolutely furious, you are the worst shop ever, terrible, I hate this!!!").await;
    home.service.ask_person(&upset.session, &upset.id).await.unwrap();
    let place = async |talk: &super::house::Talk<'_>| {
        for _ in 0..2_000 {
            if let Some(place) = home.service.place(&talk.id).await.unwrap() {
                return place.position;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("nobody waits in {}", talk.id);
    };
    let (first, second) = (place(&calm).await, place(&upset).await);
    let told = upset.events().await.into_iter().find_map(|recorded| match recorded.event {
        patchbay_core::Event::HandoffOffered { place, .. } => place,
        _ => None,
    });
    (place(&calm).await.max(first), second, told.unwrap().position)
}

#[tokio::test]
async fn by_promise_whoever_came_first_is_first() {
    assert_eq!(places("promise").await, (1, 2, 2));
}

#[tokio::test]
async fn by_feeling_whoever_is_upset_is_first_and_is_told_so() {
    assert_eq!(places("feeling").await, (2, 1, 1));
}
