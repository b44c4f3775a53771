//! Two submissions from the same old size.

use std::sync::Barrier;

use super::log::Log;
use super::running::{Directory, Running};

#[test]
fn of_racing_submissions_one_wins_and_the_others_are_told_its_size() {
    let (log, directory) = (Log(1), Directory::new(Log(1)));
    let running = Running::start(&directory.path(), &[]);
    let mut old = 0;
    for round in 1..=8 {
        let racers: Vec<u64> = (0..6).map(|racer| round * 100 + racer).collect();
        let start = Barrier::new(racers.len());
        let answers = std::thread::scope(|scope| {
            let race = |new: u64| {
                let (mut connection, start) = (running.connect(), &start);
                let body = log.request(old, new);
                scope.spawn(move || {
                    start.wait();
                    let answer = connection.exchange("POST", "/add-checkpoint", &[], Some(body.as_bytes())).unwrap();
                    (new, answer)
                })
            };
            let racing: Vec<_> = racers.iter().copied().map(race).collect();
            racing.into_iter().map(|racer| racer.join().unwrap()).collect::<Vec<_>>()
        });
        let won: Vec<_> = answers.iter().filter(|(_, answer)| answer.status == 200).collect();
        let [(size, _)] = won[..] else { panic!("{answers:?}") };
        for (_, answer) in answers.iter().filter(|(_, answer)| answer.status != 200) {
            assert_eq!((answer.status, answer.text()), (409, format!("{size}\n")));
        }
        old = *size;
    }
}
