//! SIGKILL at random moments of work, of publication and of the start: nothing that was told or shown is lost.
//!
//! `STRONGROOM_KILLS` says how many (20 without it), `STRONGROOM_SEED` which moments.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::instruments::check;
use crate::load::{Seen, Verified, prepare, work};
use crate::support::{Options, Server};

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
        let directory = std::thread::scope(|scope| {
            let never = AtomicBool::new(false);
            let moment = moments.up_to(1500);
            let (server, seen) = (&mut server, &seen);
            let pid = server.pid();
            scope.spawn(move || {
                // The moment is what is random here; nothing is assumed to have happened by then.
                std::thread::sleep(moment);
                rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
            });
            work(server, round, seen, &never, || {});
            server.kill()
        });
        killed += 1;
        // Starts that are killed before they are over, some before their first file and some after their last.
        while killed < kills && moments.up_to(3).as_millis() == 0 {
            let mut start = crate::support::server::spawn(&directory, &[]);
            std::thread::sleep(moments.up_to(400));
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
    assert!(counts.lodged > kills && counts.read > kills, "both kinds of work were under way: {counts:?}");
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
    fn up_to(&mut self, milliseconds: u64) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Duration::from_millis(self.0 % milliseconds)
    }
}
