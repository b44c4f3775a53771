//! The stage on which the demonstration plays: who acts, what is shown, and whether it held.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::cli::common::output::{Output, printable};
use crate::cli::init::layout::Layout;
use crate::edge::client::{Answer, Client, ClientError, Settings};
use crate::pure::wire::problem::Code;

/// The stage.
pub struct Stage<'a> {
    /// The development directory.
    pub layout: &'a Layout,
    /// The server's URL.
    pub server: String,
    output: Output,
    clients: BTreeMap<String, Client>,
    steps: Vec<Value>,
    failures: usize,
}

/// What a step showed: words for people, and the entry that it made.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// What came of it.
    pub text: String,
    /// The index of the entry.
    pub entry: Option<u64>,
}

/// A step did not hold, which has been told. What needs its result cannot be played.
#[derive(Clone, Copy, Debug)]
pub struct DidNotHold;

/// What a step expected and what it got instead.
#[derive(Clone, Debug)]
pub struct Unexpected {
    /// What was expected.
    pub expected: String,
    /// What came instead.
    pub got: String,
}

impl<'a> Stage<'a> {
    /// An empty stage before a server that listens.
    pub fn new(layout: &'a Layout, server: String, output: Output) -> Self {
        Self { layout, server, output, clients: BTreeMap::new(), steps: Vec::new(), failures: 0 }
    }

    /// Begins a chapter.
    pub fn chapter(&self, title: &str) {
        self.output.text(&format!("\n{BOLD}{title}{RESET}"));
    }

    /// Plays one step: `person` does `what`, which `play` does through the person's client and judges.
    pub fn step<T>(
        &mut self,
        person: &str,
        what: &str,
        command: &impl std::fmt::Display,
        play: impl FnOnce(&Client) -> Result<(T, Shown), Unexpected>,
    ) -> Result<T, DidNotHold> {
        let played = match self.client(person) {
            Ok(client) => play(client),
            Err(error) => Err(Unexpected { expected: "a connection".into(), got: error.to_string() }),
        };
        self.tell(person, what, &command.to_string(), played)
    }

    /// Plays a step that needs no server.
    pub fn offline(
        &mut self,
        what: &str,
        command: &impl std::fmt::Display,
        play: impl FnOnce() -> Result<Shown, Unexpected>,
    ) -> Result<(), DidNotHold> {
        let played = play().map(|shown| ((), shown));
        self.tell("anyone", what, &command.to_string(), played)
    }

    /// How many steps were played, and how many did not hold.
    pub fn tally(&self) -> (usize, usize) {
        (self.steps.len(), self.failures)
    }

    /// The steps, for machines.
    pub fn into_steps(self) -> Vec<Value> {
        self.steps
    }

    fn client(&mut self, person: &str) -> Result<&Client, ClientError> {
        if !self.clients.contains_key(person) {
            let certificate = self.layout.client(person);
            let client = Client::new(Settings {
                server: self.server.clone(),
                ca: self.layout.ca(),
                key: certificate.with_extension("key"),
                certificate,
            })?;
            self.clients.insert(person.to_owned(), client);
        }
        self.clients.get(person).ok_or_else(|| ClientError::Damaged("no client".to_owned()))
    }

    fn tell<T>(
        &mut self,
        person: &str,
        what: &str,
        command: &str,
        played: Result<(T, Shown), Unexpected>,
    ) -> Result<T, DidNotHold> {
        let number = self.steps.len() + 1;
        self.output.text(&format!("\n{BOLD}{number:>3}{RESET}  {CYAN}{person:<22}{RESET} {what}"));
        self.output.text(&format!("     {DIM}$ {command}{RESET}"));
        let (result, record) = match played {
            Ok((value, Shown { text, entry })) => {
                let at = entry.map_or_else(|| "no entry".to_owned(), |entry| format!("entry {entry}"));
                self.output.text(&format!("     {GREEN}held{RESET}    {at:<10}  {}", printable(&text)));
                (Ok(value), json!({"held": true, "result": text, "entry": entry}))
            }
            Err(Unexpected { expected, got }) => {
                self.failures += 1;
                self.output.text(&format!("     {RED}FAILED{RESET}  expected: {expected}"));
                self.output.text(&format!("             got:      {}", printable(&got)));
                (Err(DidNotHold), json!({"held": false, "expected": expected, "got": got}))
            }
        };
        let mut step = json!({"step": number, "person": person, "what": what, "command": command});
        if let (Value::Object(step), Value::Object(record)) = (&mut step, record) {
            step.extend(record);
        }
        self.steps.push(step);
        result
    }
}

/// Expects an answer, and shows what `text` says of it.
pub fn done<T>(
    answer: Result<Answer<T>, ClientError>,
    text: impl FnOnce(&Answer<T>) -> String,
) -> Result<(T, Shown), Unexpected> {
    match answer {
        Ok(answer) => {
            let shown = Shown { text: text(&answer), entry: answer.entry };
            Ok((answer.value, shown))
        }
        Err(error) => Err(unexpected("that it is done", &error)),
    }
}

/// Expects a refusal with `code`, and under `rule` if one is to be named. Gives the problem's detail.
pub fn refused<T>(
    answer: Result<T, ClientError>,
    code: Code,
    rule: Option<&str>,
) -> Result<(String, Shown), Unexpected> {
    let named = rule.map_or_else(String::new, |rule| format!(" by {rule}"));
    let expected = format!("{} {code}{named}", code.status());
    let error = match answer {
        Ok(_) => return Err(Unexpected { expected, got: "that it is done".into() }),
        Err(error) => error,
    };
    let matching = error.problem().filter(|problem| problem.code == code && problem.rule.as_deref() == rule);
    let Some(problem) = matching else { return Err(unexpected(&expected, &error)) };
    let text = format!("refused as it must be: {expected}. {}", problem.detail);
    Ok((problem.detail.clone(), Shown { text, entry: problem.entry }))
}

/// Expects that something holds.
pub fn holds(holds: bool, expected: &str, got: impl FnOnce() -> String) -> Result<(), Unexpected> {
    if holds { Ok(()) } else { Err(Unexpected { expected: expected.to_owned(), got: got() }) }
}

/// An error that was not expected.
pub fn unexpected(expected: &str, error: &dyn std::fmt::Display) -> Unexpected {
    Unexpected { expected: expected.to_owned(), got: error.to_string() }
}

// Standard output strips these where it is no terminal, and where NO_COLOR is set.
const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const CYAN: &str = "\u{1b}[36m";
const GREEN: &str = "\u{1b}[32m";
const RED: &str = "\u{1b}[1;31m";
const RESET: &str = "\u{1b}[0m";
