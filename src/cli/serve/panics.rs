//! What is told of a panic: where it was, and what it said if the program's text says so itself.
//!
//! A panic's message can be put together from anything, of a library that found a string cut at a wrong place for
//! instance the whole string. So a message that was put together is withheld; the place tells what is needed.

use std::any::Any;

/// From now on, panics of this process are told like everything else.
pub fn tell() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let thread = std::thread::current().name().unwrap_or("without a name").to_owned();
        tracing::error!(place, thread, said = said(panic.payload()), "a panic; report it with its place");
    }));
}

fn said(payload: &(dyn Any + Send)) -> &'static str {
    payload.downcast_ref::<&'static str>().copied().unwrap_or(WITHHELD)
}

const WITHHELD: &str = "withheld, since it could hold something that is not to be told";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_program_says_in_its_own_text_is_told() {
        assert_eq!(said(&"the text of the program"), "the text of the program");
        assert_eq!(said(&format!("a title: {}", "Findings")), WITHHELD);
        assert_eq!(said(&7), WITHHELD);
    }
}
