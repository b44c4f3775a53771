//! The ground: folders that cannot be used, and folders set aside.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::samples::*;
use crate::pure::domain::facts::{FactKey, Facts};
use crate::storage::view::{Position, View, ViewError};

fn assert_unusable(folder: &Path) {
    match View::open(folder, &key(), options()) {
        Err(ViewError::Unusable(_)) => {}
        other => panic!("{}: {:?}", folder.display(), other.map(|view| view.position())),
    }
}

#[test]
fn a_file_in_place_of_the_folder_or_above_it_makes_it_unusable() {
    let place = Place::new();
    fs::write(place.folder(), b"a file").unwrap();
    assert_unusable(&place.folder());
    assert_unusable(&place.folder().join("below"));
    assert_eq!(fs::read(place.folder()).unwrap(), b"a file");
}

#[test]
fn a_file_system_that_takes_no_folder_makes_it_unusable() {
    assert_unusable(Path::new("/proc/strongroom-view"));
}

#[test]
fn a_folder_in_place_of_the_database_makes_it_unusable() {
    let place = Place::new();
    fs::create_dir_all(place.folder().join("db")).unwrap();
    assert_unusable(&place.folder());
}

#[test]
fn a_read_only_folder_is_unusable_to_everyone_but_root() {
    let place = Place::new();
    fs::create_dir(place.folder()).unwrap();
    fs::set_permissions(place.folder(), fs::Permissions::from_mode(0o500)).unwrap();
    // Permissions do not bind root, for whom the folder is as good as any.
    if rustix::process::geteuid().is_root() {
        assert!(place.open().is_ok());
    } else {
        assert_unusable(&place.folder());
    }
    fs::set_permissions(place.folder(), fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_folder_that_is_open_elsewhere_is_unusable_and_stays_whole() {
    let place = Place::new();
    let view = place.open().unwrap();
    view.apply(one_of_each(), position(1)).unwrap();
    assert_unusable(&place.folder());
    assert!(view.fact(&FactKey::Service).unwrap().is_some());
    drop(view);
    assert_eq!(place.open().unwrap().position(), position(1));
}

#[test]
fn a_view_set_aside_keeps_its_files_and_leaves_room_for_a_new_one() {
    let place = Place::new();
    let mut aside = Vec::new();
    for _ in 0..2 {
        let view = place.open().unwrap();
        assert_eq!(view.position(), Position::default());
        view.apply(one_of_each(), position(1)).unwrap();
        drop(view);
        aside.push(View::quarantine(&place.folder(), "view.damaged").unwrap());
        assert!(!place.folder().exists());
    }
    assert_eq!(aside, ["view.damaged", "view.damaged-1"].map(|name| place.folder().with_file_name(name)));
    for folder in aside {
        assert_eq!(View::open(&folder, &key(), options()).unwrap().position(), position(1));
    }
}

#[test]
fn a_view_is_set_aside_under_one_name_only() {
    let place = Place::new();
    drop(place.open().unwrap());
    for name in ["", "..", "/tmp/x", "a/b", "."] {
        assert_eq!(View::quarantine(&place.folder(), name).unwrap_err().kind(), ErrorKind::InvalidInput, "{name:?}");
    }
    assert!(place.folder().exists());
}
