//! Types that hold people's words: titles, statements, questions, reasons, notes. Their `Debug` says what they are, and
//! nothing of what they hold, so that no log, panic or error can hold it either (only this crate's own tests see more).
//!
//! A type of these derives everything but `Debug`, derives that too in tests, and is named in `untold!`.

/// `Debug` of a type, as its name alone.
macro_rules! untold {
    ($name:ident) => {
        #[cfg(not(test))]
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(concat!(stringify!($name), " { .. }"))
            }
        }
    };
}

pub(crate) use untold;
