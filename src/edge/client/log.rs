//! The log as anyone may read it, over this client's connection: the checkpoint and the tiles (C2SP tlog-tiles). Reading
//! it makes no entry.

use super::connection::Client;
use super::error::ClientError;
use crate::pure::tlog::note::MAX_NOTE_LEN;
use crate::pure::tlog::tile::{FULL_TILE_LEN, Tile};
use crate::pure::wire::problem::Code;

impl Client {
    /// `GET /log/checkpoint`: the signed note, which nobody has verified yet; `None` if the log has published none.
    pub fn checkpoint(&self) -> Result<Option<Vec<u8>>, ClientError> {
        match self.log_bytes("checkpoint", MAX_NOTE_LEN) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(ClientError::Refused { problem, .. }) if problem.code == Code::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `GET /log/tile/{tile}`: the bytes of a tile of hashes, which nobody has judged yet.
    pub fn log_tile(&self, tile: &Tile) -> Result<Vec<u8>, ClientError> {
        self.log_bytes(&format!("tile/{tile}"), FULL_TILE_LEN)
    }

    fn log_bytes(&self, path: &str, longest: usize) -> Result<Vec<u8>, ClientError> {
        let response = self.accepted(self.agent.get(format!("{}/log/{path}", self.server())).call())?;
        let mut bytes = Vec::new();
        self.copy(response, &mut |chunk| {
            if bytes.len() + chunk.len() > longest {
                return Err(self.not_understood(200, format!("/log/{path} is longer than it can be")));
            }
            bytes.extend_from_slice(chunk);
            Ok(())
        })?;
        Ok(bytes)
    }
}
