//! Pages of lists.

use super::malformed;
use crate::edge::http::problem::ApiProblem;
use crate::edge::http::state::State;
use crate::pure::wire::page::{MAX_LIMIT, Page};

/// Which part of a list is asked for.
#[derive(Clone, Debug)]
pub(in super::super) struct Paging {
    /// The list and its filters: a cursor is good for these alone.
    list: String,
    /// The index after which the page begins.
    pub after: Option<u64>,
    /// The most items of the page.
    pub limit: usize,
}

impl Paging {
    /// What `limit` and `after` ask of the list that `list` names, filters included.
    pub(in super::super) fn of(
        state: &State,
        list: String,
        limit: Option<u32>,
        after: Option<&str>,
    ) -> Result<Self, ApiProblem> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(malformed(format!("limit is a number from 1 to {MAX_LIMIT}")));
        }
        let after = after.map(|cursor| state.cursors.open(&list, cursor).ok_or_else(no_cursor)).transpose()?;
        Ok(Self { list, after, limit: limit as usize })
    }

    /// The same part, but after the thing with index `after`, where a list lets its index be named.
    pub(in super::super) fn after_index(self, after: u64) -> Self {
        Self { after: Some(after), ..self }
    }

    /// How many items to look for: one more tells whether another page follows. Only an item that the asker may know of
    /// does, so that a hidden one beyond the page does not show in `next` (READ-6).
    pub(in super::super) fn look_for(&self) -> usize {
        self.limit + 1
    }

    /// The page from the items found, of which each has the index that `index_of` says.
    pub(in super::super) fn page<T>(&self, state: &State, mut items: Vec<T>, index_of: impl Fn(&T) -> u64) -> Page<T> {
        let more = items.len() > self.limit;
        items.truncate(self.limit);
        let last = items.last().filter(|_| more).map(index_of);
        Page { items, next: last.map(|index| self.cursor(state, index)) }
    }

    /// The cursor of the page after the thing with that index.
    pub(in super::super) fn cursor(&self, state: &State, index: u64) -> String {
        state.cursors.seal(&self.list, index)
    }
}

/// The most items of a page when none is asked for.
const DEFAULT_LIMIT: u32 = 50;

fn no_cursor() -> ApiProblem {
    malformed("after is the 'next' of a page of this list, with the same filters; begin without it")
}
