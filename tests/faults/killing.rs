//! SIGKILL at random moments of work, of publication and of the start: nothing that was told or shown is lost.
//!
//! `STRONGROOM_KILLS` says how many (20 without it), `STRONGROOM_SEED` which moments.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::instruments::check;
use crate::load::{Seen, Verified, prepare, work};
use crate::support::{Options, Server, eventually};

#[test]
fn nothing_that_was_acknowledged_or_disclosed_is_lost_however_often_it_is_killed() {
    let kills: usize = setting("STRONGROOM_KILLS").unwrap_or(20);
    let seed: u64 = setting("STRONGROOM_SEED").unwrap_or(1);
    println!("killing with STRONGROOM_SEED={seed}");
    let mut moments = Moments(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut server = Server::start(&Options { limits: vec![("refusals_per_minute", 1_000_000)], ..Options::default() });
    prepare(&server);
    let (seen, mut verified) = (Seen::default(), Verified::nothing());
    let mut in_start = 0;
    let mut killed = 0;
    for round in 0.. {
        let (answers, pause) = (moments.below(120) as usize, Duration::from_micros(moments.below(30_000)));
        let answers = seen.answers.load(Ordering::Relaxed) + answers;
        let never = AtomicBool::new(false);
        work(&server, round, &seen, &never, || {
            // Somewhere in the work: some come between the acts of one request.
            eventually("some answers", || (seen.answers.load(Ordering::Relaxed) >= answers).then_some(()));
            std::thread::sleep(pause);
            rustix::process::kill_process(server.pid(), rustix::process::Signal::KILL).unwrap();
        });
        let directory = server.kill();
        killed += 1;
        // Starts that are killed before they are over, some before their first file and some after their last.
        while killed < kills && moments.below(3) == 0 {
            let mut start = crate::support::server::spawn(&directory, &[]);
            std::thread::sleep(Duration::from_millis(moments.below(600)));
            start.kill().unwrap();
            start.wait().unwrap();
            (killed, in_start) = (killed + 1, in_start + 1);
        }
        if round % 5 == 4 {
            check(&directory);
        }
        server = Server::serve(directory);
        seen.assert_kept(&server, &mut verified);
        if killed >= kills {
            break;
        }
    }
    // What the first rounds left is there after the last one too.
    seen.assert_kept(&server, &mut Verified::nothing());
    check(&server.stop());
    let counts = seen.counts();
    let refusals = seen.refusals.lock().unwrap();
    assert!(refusals.is_empty(), "nothing is refused for want of anything but the server: {refusals:?}");
    assert!(counts.lodged > kills / 2 && counts.read > kills / 2, "both kinds of work were under way: {counts:?}");
    println!(
        "kills: {killed}, lodgements acknowledged {}, reads disclosed {}, needs recorded {}, checkpoints shown {}, lost 0, \
         start-ups killed {in_start}",
        counts.lodged, counts.read, counts.acts, counts.checkpoints
    );
}

/// A number that the environment gives.
pub fn setting<T: std::str::FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// Random moments (xorshift64).
struct Moments(u64);

impl Moments {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}
