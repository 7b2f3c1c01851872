//! The kill loop: customers come, the process is killed, comes back on the same data folder, and every visit is looked at.

use super::verify;
use super::visit::{Errand, Visit};
use super::{Dice, Kill};
use crate::failure::Failure;
use crate::server::{Server, free_address};
use crate::town::{Order, Town};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Customers in one round: these ask, and these cancel.
const ASK: usize = 4;
const CANCEL: usize = 2;
/// The kill comes so many milliseconds after the customers, at the latest.
const LATEST: u64 = 1_500;
/// Wrong things shown before the rest is only counted.
const SHOWN: usize = 20;

/// What the rounds saw.
#[derive(Default)]
struct Seen {
    acknowledged: usize,
    confirmed: usize,
    slowest: Duration,
    wrong: Vec<String>,
}

/// Kills so often; the line that says what was seen.
pub(super) fn run(town: &Town, folder: &Path, kill: Kill) -> Result<String, Failure> {
    let mut dice = Dice::new(kill.seed);
    let mut seen = Seen::default();
    let (mut stay, mut done) = (0, 0);
    // Cancelled orders stay cancelled: when too few are left, everybody begins anew.
    while done < kill.rounds {
        town.reset()?;
        let orders = town.orders(&["placed", "paid"])?;
        let rounds = (kill.rounds - done).min(u32::try_from(orders.len() / CANCEL)?);
        if rounds == 0 {
            return Err(Failure::new(format!("the company has {} orders that may be cancelled; a round needs {CANCEL}", orders.len())));
        }
        let data = folder.join(format!("kill-{stay}"));
        Stay { town, data, orders: &orders, first: done, of: kill.rounds }.rounds(rounds, &mut dice, &mut seen)?;
        done += rounds;
        stay += 1;
    }
    let Seen { acknowledged, confirmed, slowest, wrong } = seen;
    if !wrong.is_empty() {
        let more = wrong.len().saturating_sub(SHOWN);
        let shown = wrong[..wrong.len() - more].join("\n  ");
        return Err(Failure::new(format!("  {shown}{}", if more > 0 { format!("\n  and {more} more") } else { String::new() })));
    }
    let effects = town.effects()?.len();
    Ok(format!(
        "{done} rounds, {acknowledged} messages acknowledged, 0 lost, 0 doubled; {confirmed} times yes, 0 doubled ({effects} effects in the last ledger); ready again after {} ms at the most",
        slowest.as_millis()
    ))
}

/// Rounds on one data folder.
struct Stay<'a> {
    town: &'a Town,
    data: PathBuf,
    orders: &'a [Order],
    /// The number of the first round, for names and progress.
    first: u32,
    of: u32,
}

impl Stay<'_> {
    fn rounds(&self, rounds: u32, dice: &mut Dice, seen: &mut Seen) -> Result<(), Failure> {
        let mut visits: Vec<Visit> = Vec::new();
        let mut fresh = 0;
        for round in 0..rounds {
            let server = self.start(seen)?;
            seen.wrong.extend(self.verify(server.address, &visits[fresh..])?);
            fresh = visits.len();
            let made = self.visits(server, round, Duration::from_millis(30 + dice.below(LATEST)))?;
            seen.acknowledged += made.iter().map(|visit| visit.acknowledged.len()).sum::<usize>();
            seen.confirmed += made.iter().filter(|visit| visit.yes.as_ref().is_some_and(|yes| yes.acknowledged)).count();
            visits.extend(made);
            eprintln!(
                "  round {} of {}: {} acknowledged, {} times yes, {} wrong",
                self.first + round + 1,
                self.of,
                seen.acknowledged,
                seen.confirmed,
                seen.wrong.len()
            );
        }
        // Once more, all of them: later kills must not have hurt what was right before.
        let server = self.start(seen)?;
        seen.wrong.extend(self.verify(server.address, &visits)?);
        server.stop().map(drop)
    }

    fn start(&self, seen: &mut Seen) -> Result<Server, Failure> {
        let server = self.town.serve(&self.data, free_address()?)?;
        seen.slowest = seen.slowest.max(server.ready_after);
        Ok(server)
    }

    /// Lets customers in, kills the process in their midst, and returns what they know.
    fn visits(&self, server: Server, round: u32, after: Duration) -> Result<Vec<Visit>, Failure> {
        let address = server.address;
        let first = round as usize * CANCEL;
        std::thread::scope(|scope| {
            let customers: Vec<_> = (0..ASK + CANCEL)
                .map(|number| {
                    // Those who ask take the orders from the other end, so that a customer's pace is not used up.
                    let (errand, place) = if number < CANCEL {
                        (Errand::Cancel, first + number)
                    } else {
                        (
                            Errand::Ask,
                            (self.orders.len() * 2 - 1 - (round as usize * ASK + number - CANCEL) % self.orders.len()) % self.orders.len(),
                        )
                    };
                    let Order { id, customer } = &self.orders[place];
                    let name = format!("r{}-{number}", self.first + round);
                    scope.spawn(move || Visit::make(address, customer, id, errand, &name))
                })
                .collect();
            std::thread::sleep(after);
            server.kill()?;
            let made = customers.into_iter().map(|customer| customer.join().map_err(|_| Failure::new("a customer's thread panicked")));
            Ok(made.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        })
    }

    /// Looks at visits, some at a time.
    fn verify(&self, address: SocketAddr, visits: &[Visit]) -> Result<Vec<String>, Failure> {
        let mut wrong = Vec::new();
        for some in visits.chunks(12) {
            let found: Result<Vec<_>, Failure> = std::thread::scope(|scope| {
                let looks: Vec<_> = some.iter().map(|visit| scope.spawn(move || verify::visit(address, visit, self.town))).collect();
                looks.into_iter().map(|look| look.join().map_err(|_| Failure::new("a look panicked"))?).collect()
            });
            wrong.extend(found?.into_iter().flatten());
        }
        Ok(wrong)
    }
}
