//! Cedar's side: the policies, and the verdict that they come to.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, Policy, PolicyId, PolicySet, Request,
    RestrictedExpression, Schema,
};
use strongroom::pure::domain::refusal::RefusalCode;
use strongroom::pure::domain::rule::Rule;

/// Attributes of an entity or of a context.
pub type Attributes = Vec<(String, RestrictedExpression)>;

/// What a look at a version, or a read, comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nobody known asks.
    Unknown,
    /// It does not exist for this person.
    Hidden,
    /// Its metadata is shown.
    Shown,
    /// Its content is released.
    Reads,
    /// A rule refuses.
    Refused(RefusalCode),
}

/// An outcome, and the rules that may be named for it: where several ways lead in, each is right.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub outcome: Outcome,
    pub rules: Vec<Rule>,
}

/// The policies.
pub struct Judge {
    authorizer: Authorizer,
    policies: PolicySet,
    said: HashMap<PolicyId, Said>,
    used: RefCell<BTreeSet<String>>,
    actions: Actions,
    nothing: Context,
}

struct Actions {
    know_of: EntityUid,
    stand_ready: EntityUid,
    read: EntityUid,
}

/// What a policy is named after, and what it tells whom it refuses.
struct Said {
    id: String,
    rule: Rule,
    refusal: Option<Outcome>,
}

/// The policies by chapter.
const CHAPTERS: [&str; 3] =
    [include_str!("reading.cedar"), include_str!("audiences.cedar"), include_str!("obstacles.cedar")];

/// Where several rules refuse, which one speaks: first what concerns the person whatever is asked for, so that it tells
/// nothing about the version; then, after hiding, what nothing can be done about, what others can, what the reader can.
const BEFORE_HIDING: [&str; 4] =
    ["READ-1: withdrawn", "READ-1: unknown", "EMERGENCY-1: everything", "EMERGENCY-1: all reading"];
const BEFORE_THE_AGREEMENT: [&str; 3] = ["READ-5", "AUDIT-1", "LODGE-7"];
const AFTER_THE_AGREEMENT: [&str; 11] = [
    "BREACH-1",
    "EMERGENCY-1: AMBER and RED",
    "CONFLICT-1",
    "READ-3: no need",
    "READ-3: expired",
    "READ-3: expired for AMBER",
    "READ-3: expired for RED",
    "READ-3: no words",
    "READ-3: the Secretariat's purpose",
    "READ-3: no reference",
    "READ-3: serves no meeting, decision or direction",
];

impl Judge {
    pub fn new() -> Self {
        let mut policies = PolicySet::new();
        let mut said = HashMap::new();
        for chapter in CHAPTERS {
            for policy in chapter.parse::<PolicySet>().unwrap().policies() {
                let named = Said::of(policy);
                let id = PolicyId::new(&named.id);
                policies.add(policy.new_id(id.clone())).unwrap();
                said.insert(id, named);
            }
        }
        let action = |name: &str| format!("Action::\"{name}\"").parse().unwrap();
        let actions = Actions { know_of: action("knowOf"), stand_ready: action("standReady"), read: action("read") };
        let (authorizer, used, nothing) = (Authorizer::new(), RefCell::default(), Context::empty());
        Self { authorizer, policies, said, used, actions, nothing }
    }

    pub fn policies(&self) -> &PolicySet {
        &self.policies
    }

    /// Policies that determined no verdict yet.
    pub fn unused(&self) -> Vec<String> {
        let used = self.used.borrow();
        self.said.values().map(|said| said.id.clone()).filter(|id| !used.contains(id)).collect()
    }

    /// What a look at the version comes to, and reads of it, one on each of `needs`.
    pub fn judge(
        &self,
        entities: &Entities,
        person: &EntityUid,
        version: &EntityUid,
        needs: &[Context],
    ) -> (Verdict, Vec<Verdict>) {
        let known = self.ask(entities, &self.actions.know_of, person, version, &self.nothing);
        let ready = self.ask(entities, &self.actions.stand_ready, person, version, &self.nothing);
        let read = |need| self.read(&known, &ready, &self.ask(entities, &self.actions.read, person, version, need));
        (self.look(&known), needs.iter().map(read).collect())
    }

    fn look(&self, known: &Ruling) -> Verdict {
        if known.permitted {
            return Verdict { outcome: Outcome::Shown, rules: self.rules(&known.by) };
        }
        self.first(&BEFORE_HIDING, known).unwrap_or(Verdict { outcome: Outcome::Hidden, rules: Vec::new() })
    }

    fn read(&self, known: &Ruling, ready: &Ruling, read: &Ruling) -> Verdict {
        if read.permitted {
            assert!(known.permitted && ready.permitted, "who reads knows of the version and stands ready");
            return Verdict { outcome: Outcome::Reads, rules: self.rules(&read.by) };
        }
        if let Some(verdict) = self.first(&BEFORE_HIDING, read) {
            return verdict;
        }
        if !known.permitted {
            return Verdict { outcome: Outcome::Hidden, rules: Vec::new() };
        }
        if let Some(verdict) = self.first(&BEFORE_THE_AGREEMENT, read) {
            return verdict;
        }
        if !ready.permitted {
            // READ-2 speaks of no agreement: there it is GOV-1 that asks for one.
            let asking = self.rules(&known.by).into_iter();
            let rules = asking.map(|rule| if rule == Rule::Read2 { Rule::Gov1 } else { rule }).collect();
            return Verdict { outcome: Outcome::Refused(RefusalCode::AgreementRequired), rules };
        }
        // Whom nothing refuses stands ready in every way but one: the Secretariat's purpose was not stated (RED-1).
        let unsaid = RefusalCode::NeedInsufficient;
        self.first(&AFTER_THE_AGREEMENT, read)
            .unwrap_or(Verdict { outcome: Outcome::Refused(unsaid), rules: vec![Rule::Red1] })
    }

    fn ask(
        &self,
        entities: &Entities,
        action: &EntityUid,
        person: &EntityUid,
        version: &EntityUid,
        context: &Context,
    ) -> Ruling {
        let request = Request::new(person.clone(), action.clone(), version.clone(), context.clone(), None).unwrap();
        let response = self.authorizer.is_authorized(&request, &self.policies, entities);
        let errors: Vec<_> = response.diagnostics().errors().collect();
        assert!(errors.is_empty(), "{errors:?}");
        let by: Vec<_> = response.diagnostics().reason().cloned().collect();
        let mut used = self.used.borrow_mut();
        for policy in &by {
            let id: &str = policy.as_ref();
            if !used.contains(id) {
                used.insert(id.to_owned());
            }
        }
        Ruling { permitted: response.decision() == Decision::Allow, by }
    }

    fn first(&self, order: &[&str], ruling: &Ruling) -> Option<Verdict> {
        let first = order.iter().find_map(|id| ruling.by.iter().find(|policy| *id == AsRef::<str>::as_ref(*policy)))?;
        let said = &self.said[first];
        Some(Verdict { outcome: said.refusal.unwrap(), rules: vec![said.rule] })
    }

    fn rules(&self, policies: &[PolicyId]) -> Vec<Rule> {
        policies.iter().map(|policy| self.said[policy].rule).collect()
    }
}

struct Ruling {
    permitted: bool,
    /// The permits that hold, or the refusals that do.
    by: Vec<PolicyId>,
}

impl Said {
    fn of(policy: &Policy) -> Self {
        let id = policy.annotation("id").unwrap_or_else(|| panic!("a policy without an @id: {policy}")).to_owned();
        let named = id.split(':').next().unwrap();
        let rule = Rule::ALL.iter().find(|rule| rule.id() == named);
        let rule = *rule.unwrap_or_else(|| panic!("{id} names no rule"));
        let refusal = policy.annotation("code").map(|code| match code {
            "unknown" => Outcome::Unknown,
            code => Outcome::Refused(serde_json::from_value(code.into()).unwrap()),
        });
        Self { id, rule, refusal }
    }
}

/// The schema.
pub fn schema() -> Schema {
    Schema::from_cedarschema_str(include_str!("model.cedarschema")).unwrap().0
}

/// Entities of a type, numbered, and all of them together.
pub fn numbered(kind: &str, all: impl IntoIterator<Item = Attributes>) -> Vec<Entity> {
    let entity = |(number, attributes): (usize, Attributes)| {
        let uid = format!("{kind}::\"{number}\"").parse().unwrap();
        Entity::new(uid, attributes.into_iter().collect(), HashSet::new()).unwrap()
    };
    all.into_iter().enumerate().map(entity).collect()
}

/// The context of a read on that need.
pub fn context(need: Option<Attributes>) -> Context {
    let need = need.map(|need| ("need".to_owned(), RestrictedExpression::new_record(need).unwrap()));
    Context::from_pairs(need).unwrap()
}

pub fn word(name: &str, value: &str) -> (String, RestrictedExpression) {
    (name.into(), RestrictedExpression::new_string(value.into()))
}

pub fn flag(name: &str, value: bool) -> (String, RestrictedExpression) {
    (name.into(), RestrictedExpression::new_bool(value))
}

pub fn count(name: &str, value: i64) -> (String, RestrictedExpression) {
    (name.into(), RestrictedExpression::new_long(value))
}

pub fn names<'a>(name: &str, values: impl IntoIterator<Item = &'a str>) -> (String, RestrictedExpression) {
    let values = values.into_iter().map(|value| RestrictedExpression::new_string(value.into()));
    (name.into(), RestrictedExpression::new_set(values))
}
