//! The names of objects in the store.

use object_store::path::Path;

use super::id::BlobId;
use crate::storage::seal::keys::{KeyEpoch, KeyLevel};

/// What an object in the store is, told by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ObjectName {
    /// The sealed bytes of a blob.
    Blob(BlobId),
    /// The data key of a blob, wrapped for a level and an epoch.
    Key(BlobId, KeyLevel, KeyEpoch),
}

impl ObjectName {
    /// Where the object lies: in the directory of the id's first two digits, so that none grows too large.
    pub(super) fn path(&self) -> Path {
        let id = self.blob();
        match self {
            Self::Blob(_) => Path::from(format!("{}/{id}", shard(id.as_bytes()[0]))),
            Self::Key(_, level, epoch) => Path::from(format!("{}/{id}.key.{level}.{epoch}", shard(id.as_bytes()[0]))),
        }
    }

    /// The blob to which the object belongs.
    pub(super) fn blob(&self) -> BlobId {
        match self {
            Self::Blob(id) | Self::Key(id, ..) => *id,
        }
    }

    /// What lies at `path`; `None` if it is nothing of ours.
    pub(super) fn parse(path: &Path) -> Option<Self> {
        let file = path.filename()?;
        let name = match file.split_once(".key.") {
            None => Self::Blob(file.parse().ok()?),
            Some((id, rest)) => {
                let (level, epoch) = rest.split_once('.')?;
                Self::Key(id.parse().ok()?, level.parse().ok()?, KeyEpoch(epoch.parse().ok()?))
            }
        };
        // Another spelling, or another place, is another object.
        (name.path() == *path).then_some(name)
    }
}

/// The directory of the ids that begin with this byte.
pub(super) fn shard(first: u8) -> String {
    format!("{first:02x}")
}

/// Whether a file of this name is under way: the local store calls it `<name>#<number>` until it is complete.
pub(super) fn is_staging(file: &str) -> bool {
    let number = file.split_once('#').map(|(_, number)| number);
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The id in the name of a file under way.
pub(super) fn parse_staging(file: &str) -> Option<BlobId> {
    let (name, _) = file.split_once('#').filter(|_| is_staging(file))?;
    name.split_once(".key.").map_or(name, |(id, _)| id).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> BlobId {
        BlobId::from_bytes(std::array::from_fn(|i| 0xa0 + i as u8))
    }

    #[test]
    fn every_name_is_read_back() {
        let names = [ObjectName::Blob(id()), ObjectName::Key(id(), KeyLevel::Undetermined, KeyEpoch(12))];
        assert_eq!(names[0].path().as_ref(), "a0/a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");
        assert_eq!(names[1].path().as_ref(), "a0/a0a1a2a3a4a5a6a7a8a9aaabacadaeaf.key.undetermined.12");
        assert_eq!(names.map(|name| ObjectName::parse(&name.path())), names.map(Some));
    }

    #[test]
    fn other_names_and_other_spellings_are_not_ours() {
        let id = id();
        for path in [
            "lost+found".to_owned(),
            format!("{id}"),
            format!("00/{id}"),
            format!("a0/x/{id}"),
            format!("a0/{id}.key.pink.1"),
            format!("a0/{id}.key.red.01"),
            format!("a0/{id}.key.red.+1"),
            format!("a0/{id}.key.red"),
            format!("a0/{id}.bak"),
        ] {
            assert_eq!(ObjectName::parse(&Path::from(path.as_str())), None, "{path}");
        }
    }

    #[test]
    fn a_file_under_way_is_told_from_an_object() {
        let id = id();
        assert_eq!(parse_staging(&format!("{id}#1")), Some(id));
        assert_eq!(parse_staging(&format!("{id}.key.red.1#23")), Some(id));
        for file in [format!("{id}"), format!("{id}#"), format!("{id}#1a"), "x#1".to_owned()] {
            assert_eq!(parse_staging(&file), None, "{file}");
        }
    }
}
