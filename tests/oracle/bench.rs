//! Both are asked, and must agree: the domain's `decide` over facts, and Cedar over attributes.

use std::collections::BTreeMap;

use cedar_policy::{Context, Entities};
use strongroom::pure::domain::command::{Actor, Command, Request, Selector};
use strongroom::pure::domain::decide::{Answer, At, Decision, decide};
use strongroom::pure::domain::facts::Facts;
use strongroom::pure::domain::refusal::Unrecognised;
use strongroom::pure::domain::rule::Rule;
use strongroom::pure::domain::standing::Undecided;

use crate::history::{History, LABEL, NOW, POLICY, Situation, handle, instant, label};
use crate::invariants;
use crate::judge::{Judge, Outcome, Verdict, context, numbered, schema};
use crate::need::{Need, recorded};
use crate::paper::Paper;
use crate::reader::{CREDENTIAL, Reader};

/// How many questions both were asked, and how many times which outcome was the answer.
#[derive(Debug, Default)]
pub struct Tally {
    pub questions: usize,
    pub outcomes: BTreeMap<String, usize>,
}

/// Every reader asks for every paper on every need, and may first look at it.
pub fn agree(judge: &Judge, readers: &[Reader], papers: &[Paper], needs: &[Need]) -> Tally {
    let persons = numbered("Person", readers.iter().map(Reader::attributes));
    let versions = numbered("Version", papers.iter().map(Paper::attributes));
    let uids = |entities: &[cedar_policy::Entity]| -> Vec<_> { entities.iter().map(|one| one.uid()).collect() };
    let (person_ids, version_ids) = (uids(&persons), uids(&versions));
    let entities = Entities::from_entities(persons.into_iter().chain(versions), Some(&schema())).unwrap();
    let contexts: Vec<Context> = needs.iter().map(|need| context(need.attributes())).collect();
    let asking = Asking::on(needs);
    let stories: Vec<History> = papers.iter().map(Paper::history).collect();
    let mut tally = Tally::default();
    let mut findings = Vec::new();
    for (reader, person) in readers.iter().zip(&person_ids) {
        let history = reader.history();
        for ((paper, story), version) in papers.iter().zip(&stories).zip(&version_ids) {
            let situation = Situation { reader: &history, paper: story, needs: &asking.recorded };
            let mut compare = |need: Option<&Need>, verdict: &Verdict, (outcome, rule): (Outcome, Option<Rule>)| {
                tally.questions += 1;
                *tally.outcomes.entry(format!("{outcome:?}")).or_default() += 1;
                let agrees = outcome == verdict.outcome && rule.is_none_or(|rule| verdict.rules.contains(&rule));
                let asked = || format!("{reader:?}\n{paper:?}\n{need:?}");
                if !agrees {
                    findings.push(format!("{}\nthe domain: {outcome:?} {rule:?}; the policies: {verdict:?}", asked()));
                }
                if let Some(broken) = need.and_then(|need| invariants::broken(reader, paper, need, outcome)) {
                    findings.push(format!("{}\n{broken}", asked()));
                }
            };
            let (look, reads) = judge.judge(&entities, person, version, &contexts);
            compare(None, &look, asked(&situation, &asking.look));
            for ((need, request), verdict) in needs.iter().zip(&asking.reads).zip(&reads) {
                compare(Some(need), verdict, asked(&situation, request));
            }
        }
    }
    let shown = findings.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n\n");
    assert!(findings.is_empty(), "{} of {} disagree:\n{shown}", findings.len(), tally.questions);
    tally
}

/// What is asked of the domain.
struct Asking {
    look: Request,
    reads: Vec<Request>,
    recorded: History,
}

impl Asking {
    fn on(needs: &[Need]) -> Self {
        let selector = || Selector::Label(label(LABEL));
        let by_the_reader =
            |command| Request { actor: Actor::Credential(CREDENTIAL), command, request: "fresh".into() };
        let look = by_the_reader(Command::ViewVersion { document: handle(POLICY), version: selector() });
        let reads = (0..).zip(needs).map(|(number, need)| {
            by_the_reader(Command::ReadContent {
                document: handle(POLICY),
                version: selector(),
                need: need.claim(number),
                method: "GET".into(),
                range: None,
            })
        });
        Self { look, reads: reads.collect(), recorded: recorded(needs) }
    }
}

/// The domain's answer, and the rule that it names for it.
fn asked(facts: &dyn Facts, request: &Request) -> (Outcome, Option<Rule>) {
    match decide(facts, request, At { index: LATE, now: instant(NOW) }).map(|decided| decided.decision) {
        Ok(Decision::Enter(grant)) => {
            assert!(matches!(grant.answer, Answer::Content(..)) && grant.rules[0] == Rule::Read1, "{grant:?}");
            (Outcome::Reads, Some(grant.rules[1]))
        }
        Ok(Decision::Answer(Answer::Version(..))) => (Outcome::Shown, None),
        Ok(Decision::Refuse(refusal)) => (Outcome::Refused(refusal.code), Some(refusal.rule)),
        Ok(Decision::Hide) => (Outcome::Hidden, None),
        Err(Undecided::Unrecognised(Unrecognised::Unknown)) => (Outcome::Unknown, None),
        other => panic!("neither a look nor a read comes to {other:?}"),
    }
}

/// The index of an entry that no history here reaches.
const LATE: u64 = 1_000_000;

/// How many disagreements are printed.
const SHOWN: usize = 5;
