//! A page of a list.

use serde::{Deserialize, Serialize};

/// The most items that one page may hold.
pub const MAX_LIMIT: u32 = 500;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// The opaque, sealed cursor to pass as `after` for the next page; `null` on the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The same page with each item made into another.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(make).collect(), next: self.next }
    }
}

/// The query of a list that has no filters of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// The most items wanted, 1 to [`MAX_LIMIT`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The cursor of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_says_that_nothing_follows() {
        let page = Page { items: vec![1, 2], next: None };
        assert_eq!(serde_json::to_string(&page).unwrap(), r#"{"items":[1,2],"next":null}"#);
    }
}
