//! The metrics of the witnesses, named as the policy names them.

use std::sync::atomic::{AtomicU64, Ordering};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use crate::service::publishing::witnessing::{Outcome, WitnessingStatus};

/// What is told of the witnesses; nothing where there are none.
#[derive(Debug, Default)]
pub(super) struct WitnessMetrics {
    outcomes: Family<OutcomeLabels, Counter>,
    cosigned_sizes: Family<WitnessLabel, Gauge<u64, AtomicU64>>,
    since_quorum: Gauge<f64, AtomicU64>,
    stalled: Gauge,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    witness: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WitnessLabel {
    witness: String,
}

impl WitnessMetrics {
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register("witness_outcomes", "What asking a witness came to, since the start", self.outcomes.clone());
        let sizes = self.cosigned_sizes.clone();
        registry.register("witness_cosigned_size", "Size that the witness last cosigned, since the start", sizes);
        let since = self.since_quorum.clone();
        let help = "Time since the quorum was last met; 0 where none is asked for";
        registry.register_with_unit("witness_quorum_age", help, Unit::Seconds, since);
        let help = "1 if no checkpoint is published for want of witnesses, else 0";
        registry.register("log_publication_stalled", help, self.stalled.clone());
    }

    pub(super) fn set(&self, status: &WitnessingStatus) {
        self.stalled.set(status.stalled.is_some().into());
        self.since_quorum.set(status.since_quorum.unwrap_or_default().as_secs_f64());
        for witness in &status.witnesses {
            let label = WitnessLabel { witness: witness.name.clone() };
            self.cosigned_sizes.get_or_create(&label).set(witness.cosigned_size);
            for (outcome, count) in Outcome::ALL.iter().zip(witness.outcomes) {
                let labels = OutcomeLabels { witness: witness.name.clone(), outcome: outcome.as_str() };
                self.outcomes.get_or_create(&labels).inner().store(count, Ordering::Relaxed);
            }
        }
    }
}
