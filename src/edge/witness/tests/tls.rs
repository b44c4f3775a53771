//! URLs and authorities.

use super::*;
use crate::edge::witness::UnusableWitness;

#[test]
fn a_url_is_a_prefix_and_nothing_more() {
    for url in ["http://127.0.0.1:1/w/", "https://witness.example", "http://[::1]:8/a/b"] {
        Asking::new(url, &Roots::none(), PATIENCE).unwrap();
    }
    for url in ["", "witness.example", "ftp://witness.example", "https://me@witness.example", "https://w.example/?a=b"]
    {
        let unusable = Asking::new(url, &Roots::none(), PATIENCE).unwrap_err();
        assert!(matches!(unusable, UnusableWitness::Url(_)), "{url}");
        assert!(unusable.to_string().contains("without a query"), "{unusable}");
    }
}

#[test]
fn a_file_without_authorities_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("none.pem");
    assert!(Roots::of_file(&file).unwrap_err().to_string().contains("none.pem"));
    std::fs::write(&file, "nothing").unwrap();
    assert!(Roots::of_file(&file).unwrap_err().to_string().contains("holds no PEM certificate"));
}
