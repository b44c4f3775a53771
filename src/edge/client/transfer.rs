//! Transfers: a file goes up, content comes down, in constant memory.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use ring::digest::{Context, SHA256};
use ureq::http::Response;
use ureq::{Body, Error, SendBody};

use super::calls::version_path;
use super::connection::{Answer, Client, entry_of, header};
use super::error::ClientError;
use super::signing::Signing;
use crate::pure::wire::classification::Standing;
use crate::pure::wire::digest::Digest;
use crate::pure::wire::lodgement::{LodgeQuery, Lodgement};
use crate::pure::wire::lodger_signature;
use crate::pure::wire::reasonable_need::{self, ReasonableNeed};

/// What goes up.
#[derive(Debug)]
pub struct Upload<'a> {
    /// The slug of the document.
    pub document: &'a str,
    /// The label of the new version.
    pub label: &'a str,
    /// The file: one that can be read twice, first for its digest and then for its bytes.
    pub file: &'a Path,
    /// Its media type.
    pub content_type: &'a str,
    /// What is said of the version.
    pub query: &'a LodgeQuery,
    /// Whether it is signed with the certificate's key, and for which log (LODGE-6).
    pub signing: Option<Signing<'a>>,
}

/// What is wanted down.
#[derive(Debug)]
pub struct ContentRequest<'a> {
    /// The slug of the document.
    pub document: &'a str,
    /// The label, `in-force` or `latest`.
    pub label: &'a str,
    /// Why; without it the server falls back on the needs on record, or refuses.
    pub need: Option<&'a ReasonableNeed>,
    /// The first and the last byte wanted, as the `Range` header counts: from 0, both included, the last one optional.
    pub range: Option<(u64, Option<u64>)>,
}

/// What came down, its bytes apart.
#[derive(Clone, Debug)]
pub struct Content {
    /// 200 for the whole, 206 for a range.
    pub status: u16,
    /// How many bytes came.
    pub size: u64,
    /// SHA-256 of the bytes that came.
    pub digest: Digest,
    /// SHA-256 of the whole, as the server says; verified when the whole came.
    pub repr_digest: Option<Digest>,
    /// Whether the bytes were checked against a digest of the server's.
    pub verified: bool,
    /// The classification.
    pub classification: Option<Standing>,
    /// The media type.
    pub content_type: Option<String>,
    /// The entry of this read.
    pub entry: Option<u64>,
}

impl Client {
    /// `PUT /documents/{doc}/versions/{label}` with the file's bytes, their `Content-Digest` and, if so wished, the
    /// lodger's own signature.
    ///
    /// `progress` is told the bytes sent so far and the file's length.
    pub fn lodge(
        &self,
        upload: &Upload<'_>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Answer<Lodgement>, ClientError> {
        let reading = |source| ClientError::File { action: "Reading", path: upload.file.to_owned(), source };
        let mut file = File::open(upload.file).map_err(reading)?;
        let (size, digest) = measure(&mut file).map_err(reading)?;
        file.rewind().map_err(reading)?;
        let signature = upload.signing.as_ref().map(|signing| self.settings.sign(upload, (size, digest), signing));
        let signature = signature.transpose()?;
        // A file that grows while it is sent must not run over the length that was announced.
        let mut body = Reporting { inner: file.take(size), sent: 0, size, progress };
        let mut request = self
            .agent
            .put(self.url(&version_path(upload.document, upload.label)))
            .query_pairs(self.pairs(upload.query)?)
            .header("Content-Type", upload.content_type)
            .header("Content-Length", size.to_string())
            .header("Content-Digest", digest.to_field());
        if let Some(signature) = signature {
            request = request.header(lodger_signature::HEADER, lodger_signature::to_field(&signature));
        }
        self.typed(request.send(SendBody::from_reader(&mut body)))
    }

    /// `GET /documents/{doc}/versions/{label}/content` into `sink`.
    ///
    /// `progress` is told the bytes received so far and, where the server says it, how many will come. What came is
    /// checked against the digest that the server announced; a mismatch is an error, and the sink must then be
    /// thrown away.
    pub fn read(
        &self,
        request: &ContentRequest<'_>,
        sink: &mut dyn Write,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<Content, ClientError> {
        let mut get = self.agent.get(self.url(&format!("{}/content", version_path(request.document, request.label))));
        if let Some(need) = request.need {
            get = get.header(reasonable_need::HEADER, need.to_field());
        }
        if let Some((first, last)) = request.range {
            let last = last.map_or_else(String::new, |last| last.to_string());
            get = get.header("Range", format!("bytes={first}-{last}"));
        }
        let response = self.accepted(get.call())?;
        let announced = Announced::of(&response)?;
        let mut context = Context::new(&SHA256);
        let mut size = 0;
        progress(0, announced.size);
        let (status, entry) = (response.status().as_u16(), entry_of(&response));
        let classification = header(&response, "Classification").and_then(|name| name.parse().ok());
        let content_type = header(&response, "Content-Type").map(str::to_owned);
        self.copy(response, &mut |chunk| {
            context.update(chunk);
            size += chunk.len() as u64;
            sink.write_all(chunk).map_err(ClientError::Sink)?;
            progress(size, announced.size);
            Ok(())
        })?;
        sink.flush().map_err(ClientError::Sink)?;
        let digest = finish(context);
        let verified = announced.check(status, size, digest)?;
        let repr_digest = announced.repr_digest;
        Ok(Content { status, size, digest, repr_digest, verified, classification, content_type, entry })
    }

    pub(super) fn copy(
        &self,
        response: Response<Body>,
        take: &mut dyn FnMut(&[u8]) -> Result<(), ClientError>,
    ) -> Result<(), ClientError> {
        let mut reader = response.into_body().into_reader();
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => take(buffer.get(..count).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failed(Error::from(error))),
            }
        }
    }
}

const BUFFER_BYTES: usize = 64 << 10;

/// What the response's headers say of the bytes to come.
struct Announced {
    size: Option<u64>,
    repr_digest: Option<Digest>,
    content_digest: Option<Digest>,
}

impl Announced {
    fn of(response: &Response<Body>) -> Result<Self, ClientError> {
        let digest = |name: &str| match header(response, name) {
            Some(field) => {
                Digest::parse_field(field).map_err(|error| ClientError::Damaged(format!("its {name}: {error}")))
            }
            None => Ok(None),
        };
        Ok(Self {
            size: header(response, "Content-Length").and_then(|size| size.parse().ok()),
            repr_digest: digest("Repr-Digest")?,
            content_digest: digest("Content-Digest")?,
        })
    }

    /// Whether there was a digest to check against; an error if one does not hold.
    ///
    /// RFC 9530, section 2: `Content-Digest` is over this message's content. Section 3: `Repr-Digest` is over the whole
    /// representation, so it says nothing about a range.
    fn check(&self, status: u16, size: u64, digest: Digest) -> Result<bool, ClientError> {
        if let Some(announced) = self.size.filter(|announced| *announced != size) {
            return Err(ClientError::Damaged(format!("{size} bytes instead of {announced}")));
        }
        let whole = self.repr_digest.filter(|_| status == 200);
        for announced in [self.content_digest, whole].into_iter().flatten() {
            if announced != digest {
                return Err(ClientError::Damaged(format!("its SHA-256 is {digest} instead of {announced}")));
            }
        }
        Ok(self.content_digest.or(whole).is_some())
    }
}

/// The length and the digest of what is left in `source`.
fn measure(source: &mut dyn Read) -> io::Result<(u64, Digest)> {
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut size = 0;
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok((size, finish(context))),
            Ok(count) => {
                context.update(buffer.get(..count).unwrap_or_default());
                size += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn finish(context: Context) -> Digest {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.finish().as_ref());
    Digest(bytes)
}

/// A reader that tells how far it has come.
struct Reporting<'a, R> {
    inner: R,
    sent: u64,
    size: u64,
    progress: &'a mut dyn FnMut(u64, u64),
}

impl<R: Read> Read for Reporting<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.sent += count as u64;
        (self.progress)(self.sent, self.size);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pure::tlog::hash::sha256;

    fn announced(size: Option<u64>, repr: Option<&[u8]>, content: Option<&[u8]>) -> Announced {
        let digest = |bytes: Option<&[u8]>| bytes.map(|bytes| Digest(sha256(bytes)));
        Announced { size, repr_digest: digest(repr), content_digest: digest(content) }
    }

    #[test]
    fn the_whole_is_checked_against_what_was_announced() {
        let arrived = Digest(sha256(b"policy"));
        assert!(announced(Some(6), Some(b"policy"), None).check(200, 6, arrived).unwrap());
        assert!(!announced(Some(6), None, None).check(200, 6, arrived).unwrap());
        for wrong in [
            announced(Some(7), Some(b"policy"), None),
            announced(Some(6), Some(b"other"), None),
            announced(Some(6), Some(b"policy"), Some(b"other")),
        ] {
            let paragraph = wrong.check(200, 6, arrived).unwrap_err().to_string();
            assert!(paragraph.contains("instead of"), "{paragraph}");
        }
    }

    #[test]
    fn a_range_is_not_measured_against_the_whole() {
        let arrived = Digest(sha256(b"pol"));
        assert!(!announced(Some(3), Some(b"policy"), None).check(206, 3, arrived).unwrap());
        assert!(announced(Some(3), Some(b"policy"), Some(b"pol")).check(206, 3, arrived).unwrap());
    }

    #[test]
    fn a_file_is_measured_and_its_sending_is_reported() {
        let bytes = vec![7; 3 * BUFFER_BYTES + 1];
        let (size, digest) = measure(&mut bytes.as_slice()).unwrap();
        assert_eq!((size, digest), (bytes.len() as u64, Digest(sha256(&bytes))));
        let mut told = Vec::new();
        let mut progress = |sent, size| told.push((sent, size));
        let mut reader = Reporting { inner: bytes.as_slice(), sent: 0, size, progress: &mut progress };
        io::copy(&mut reader, &mut io::sink()).unwrap();
        assert_eq!(told.last(), Some(&(size, size)));
    }
}
