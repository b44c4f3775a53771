//! Calls that ask who may read what, and why.

use super::calls::version_path;
use super::{Answer, Client, ClientError};
use crate::pure::wire::explanation::{ExplainQuery, Explanation};
use crate::pure::wire::page::PageQuery;
use crate::pure::wire::reader::Readers;

impl Client {
    /// `GET /explain`.
    pub fn explain(&self, query: &ExplainQuery) -> Result<Answer<Explanation>, ClientError> {
        self.get("/explain", query)
    }

    /// `GET /documents/{doc}/versions/{label}/readers`: one page.
    pub fn readers(&self, document: &str, label: &str, query: &PageQuery) -> Result<Answer<Readers>, ClientError> {
        self.get(&format!("{}/readers", version_path(document, label)), query)
    }
}
