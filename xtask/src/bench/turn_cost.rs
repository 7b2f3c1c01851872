//! Processor time of a durable turn, beside the floor: a bare server that answers the same customers with the same backend
//! calls and writes as many rows (`examples/floor`). Same load, same machine, one right after the other. The product keeps some
//! answers for some seconds, the floor asks each time: how often the product asked stands in the table.

use super::encoder;
use super::figure::Figure;
use super::load::Customer;
use crate::command::command;
use crate::failure::Failure;
use crate::process::cpu;
use crate::project::{Build, program};
use crate::server::{Server, free_address};
use crate::town::{Order, Town};
use std::path::Path;
use std::time::{Duration, Instant};

/// Customers at the same time.
const AT_ONCE: usize = 4;
/// Conversations of each customer, one after another, and questions in each: so many their pace allows.
const CONVERSATIONS: usize = 4;
const QUESTIONS: usize = 5;

/// What a load cost.
#[derive(Default)]
struct Cost {
    turns: u32,
    /// Calls of backends that the replies tell of.
    calls: u32,
    cpu: Duration,
    wall: Duration,
}

pub(super) fn measure(town: &Town, folder: &Path) -> Result<Vec<Figure>, Failure> {
    // Parcels that are on their way: the answer needs the order system, the warehouse and the carrier.
    let mut orders = town.orders(&["shipped"])?;
    // They are listed customer by customer; one order each keeps everybody's pace.
    orders.dedup_by(|next, kept| next.customer == kept.customer);
    let data = folder.join("turns");
    let server = town.serve(&data, free_address()?)?;
    let product = load(&server, &orders)?;
    server.stop()?;
    let address = free_address()?;
    let mut floor = command(program(Build::Release, "examples/floor"), ["--listen", &address.to_string()]);
    floor.arg("--like").arg(data.join("patchbay.db")).arg("--turns").arg(product.turns.to_string());
    floor.arg("--file").arg(folder.join("floor.db")).envs(town.environment(address));
    let server = Server::start(&mut floor, address, &folder.join("floor.log"), Duration::from_secs(30))?;
    let bare = load(&server, &orders)?;
    server.stop()?;

    // The encoder's share of a turn, which the floor does not have: each question is encoded once.
    let encoding = encoder::median(orders.first().map(question).as_deref())?;
    let each = |cost: &Cost| cost.cpu / cost.turns.max(1);
    let apart = each(&product).saturating_sub(encoding);
    let ratio = apart.as_secs_f64() / each(&bare).as_secs_f64().max(1e-6);
    Ok(vec![
        Figure::ratio("CPU per durable turn, encoder apart, to floor", ratio, Some(4)),
        Figure::time(format!("  product, encoder included ({} turns)", product.turns), each(&product), None),
        Figure::time("  of that the encoder, for such a question", encoding, None),
        Figure::time("  floor", each(&bare), None),
        Figure::count("  backend calls per turn, product (floor: 3)", f64::from(product.calls) / f64::from(product.turns.max(1))),
        Figure::time("  product, wall time per turn", product.wall / product.turns.max(1), None),
        Figure::time("  floor, wall time per turn", bare.wall / bare.turns.max(1), None),
    ])
}

/// Lets every customer ask, some at a time, and reads what it cost the process.
fn load(server: &Server, orders: &[Order]) -> Result<Cost, Failure> {
    // The first answer pays for connections, tokens and caches.
    if let Some(order) = orders.first() {
        Customer::open(server.address, &order.customer)?.ask(&question(order))?;
    }
    let (before, began) = (cpu(server.pid())?, Instant::now());
    let shares: Vec<_> = (0..AT_ONCE).map(|first| orders.iter().skip(first).step_by(AT_ONCE)).collect();
    let asked: Result<Vec<Cost>, Failure> = std::thread::scope(|scope| {
        let asking: Vec<_> = shares.into_iter().map(|share| scope.spawn(move || ask(server, share))).collect();
        asking.into_iter().map(|asking| asking.join().map_err(|_| Failure::new("a customer's thread panicked"))?).collect()
    });
    let asked = asked?;
    Ok(Cost {
        turns: asked.iter().map(|asked| asked.turns).sum(),
        calls: asked.iter().map(|asked| asked.calls).sum(),
        cpu: cpu(server.pid())?.saturating_sub(before),
        wall: began.elapsed(),
    })
}

/// Counts turns and calls; time is taken by whoever started all customers.
fn ask<'a>(server: &Server, orders: impl Iterator<Item = &'a Order>) -> Result<Cost, Failure> {
    let mut cost = Cost::default();
    for order in orders.flat_map(|order| std::iter::repeat_n(order, CONVERSATIONS)) {
        let mut customer = Customer::open(server.address, &order.customer)?;
        for _ in 0..QUESTIONS {
            let reply = customer.ask(&question(order))?;
            let calls = reply["calls"].as_array().into_iter().flatten();
            cost.calls += u32::try_from(calls.filter(|call| call["cached"] == false).count())?;
            cost.turns += 1;
        }
    }
    Ok(cost)
}

fn question(order: &Order) -> String {
    format!("where is order {}?", order.id)
}
