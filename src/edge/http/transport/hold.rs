//! A hold on an open connection: what handlers and watches tell it.

use std::cell::{Cell, RefCell};
use std::task::{Context, Waker};

/// Shared by a connection's stream and whoever may end it; all on one thread.
#[derive(Debug, Default)]
pub struct Hold {
    cut: Cell<Option<Cut>>,
    answered: Cell<u64>,
    is_in_body: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

/// Why a connection was cut in the middle of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The reader took nothing for too long.
    Stalled,
    /// The reader took less than the minimum rate.
    Slow,
    /// The reader may not read any more.
    NotAllowed,
}

impl Cut {
    /// A short stable name, for a metric's label.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Stalled => "stalled",
            Self::Slow => "slow",
            Self::NotAllowed => "not_allowed",
        }
    }
}

impl Hold {
    /// Cuts the connection at once, whatever is under way on it. What was said first counts.
    pub fn cut(&self, why: Cut) {
        if self.cut.get().is_none() {
            self.cut.set(Some(why));
            self.wake();
        }
    }

    /// A request has its answer: what still comes of its body is of no use.
    pub fn answered(&self) {
        self.answered.set(self.answered.get() + 1);
        // The stream waited for that body for as long as it took; from now on it does not.
        if self.is_in_body.get() {
            self.wake();
        }
    }

    /// Whether the body of a request is not complete.
    pub(super) fn is_in_body(&self, is_in_body: bool) {
        self.is_in_body.set(is_in_body);
    }

    /// How many requests have their answer.
    pub(super) fn answers(&self) -> u64 {
        self.answered.get()
    }

    /// Why it is cut, if it is.
    pub(super) fn is_cut(&self) -> Option<Cut> {
        self.cut.get()
    }

    /// Whom a cut wakes.
    pub(super) fn wakes(&self, context: &Context<'_>) {
        let mut waker = self.waker.borrow_mut();
        match waker.as_mut() {
            Some(waker) => waker.clone_from(context.waker()),
            None => *waker = Some(context.waker().clone()),
        }
    }

    fn wake(&self) {
        let waker = self.waker.borrow_mut().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
