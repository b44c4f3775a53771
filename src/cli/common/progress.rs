//! A progress bar on standard error, on a terminal only.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar for one transfer; it removes itself at the end.
#[derive(Debug)]
pub struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// A bar that begins with what is done, for example `Lodging`. indicatif draws nothing where standard error is no
    /// terminal.
    pub fn new(action: &'static str) -> Self {
        let style = ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
        Self { bar: ProgressBar::no_length().with_style(style).with_message(action) }
    }

    /// A bar that counts things instead of bytes.
    pub fn counting(action: &'static str) -> Self {
        let style = ProgressStyle::with_template(COUNTING).unwrap_or_else(|_| ProgressStyle::default_bar());
        Self { bar: ProgressBar::no_length().with_style(style).with_message(action) }
    }

    /// So many bytes are done, of so many if that is known.
    pub fn show(&self, done: u64, total: Option<u64>) {
        if let Some(total) = total {
            self.bar.set_length(total);
        }
        self.bar.set_position(done);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

const TEMPLATE: &str = "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}";

const COUNTING: &str = "{msg} {wide_bar} {pos}/{len} {eta}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_are_ones_that_indicatif_takes() {
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
        assert!(ProgressStyle::with_template(COUNTING).is_ok());
    }
}
