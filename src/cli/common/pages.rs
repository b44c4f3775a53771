//! All pages of a list.

use serde_json::{Value, json};

use crate::edge::client::{Answer, ClientError};
use crate::pure::wire::page::Page;

/// Asks for page after page and makes one of them: `next` is `null`, the entry is the last page's.
pub fn all<T>(
    mut fetch: impl FnMut(Option<String>) -> Result<Answer<Page<T>>, ClientError>,
) -> Result<Answer<Page<T>>, ClientError> {
    let mut whole = fetch(None)?;
    while let Some(cursor) = whole.value.next.take() {
        let mut page = fetch(Some(cursor.clone()))?;
        whole.value.items.append(&mut page.value.items);
        if let (Some(Value::Array(items)), Some(Value::Array(more))) =
            (whole.json.get_mut("items"), page.json.get_mut("items"))
        {
            items.append(more);
        }
        // A cursor that leads to itself would be asked for ever.
        whole.value.next = page.value.next.filter(|next| *next != cursor);
        whole.entry = page.entry.or(whole.entry);
    }
    if let Value::Object(members) = &mut whole.json {
        members.insert("next".to_owned(), json!(null));
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(items: [u8; 2], next: Option<&str>) -> Answer<Page<u8>> {
        let value = Page { items: items.to_vec(), next: next.map(str::to_owned) };
        Answer { json: serde_json::to_value(&value).unwrap(), value, entry: None, status: 200 }
    }

    #[test]
    fn pages_become_one_list() {
        let mut asked = Vec::new();
        let whole = all(|cursor| {
            asked.push(cursor.clone());
            Ok(match cursor.as_deref() {
                None => page([1, 2], Some("b")),
                Some("b") => page([3, 4], Some("c")),
                _ => page([5, 6], None),
            })
        })
        .unwrap();
        assert_eq!(asked, [None, Some("b".to_owned()), Some("c".to_owned())]);
        assert_eq!(whole.value.items, [1, 2, 3, 4, 5, 6]);
        assert_eq!(whole.json, json!({"items": [1, 2, 3, 4, 5, 6], "next": null}));
    }

    #[test]
    fn a_cursor_that_leads_to_itself_ends_the_list() {
        let whole = all(|_| Ok(page([1, 2], Some("a")))).unwrap();
        assert_eq!(whole.value.items.len(), 4);
    }
}
