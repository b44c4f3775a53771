//! The log as anyone may read it, over this client's connection: the checkpoint and the tiles (C2SP tlog-tiles).
//! Reading it makes no entry.

use super::connection::Client;
use super::error::ClientError;
use crate::pure::tlog::leaf::Origin;
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

    /// The name of the server's log, from the first line of its checkpoint. It is the server's word: who signs for a log
    /// should know its name.
    pub fn log_origin(&self) -> Result<String, ClientError> {
        let note = self.log_bytes("checkpoint", MAX_NOTE_LEN)?;
        let first = note.split(|byte| *byte == b'\n').next().and_then(|line| str::from_utf8(line).ok());
        let origin = first.and_then(|line| Origin::parse(line).ok());
        let origin =
            origin.ok_or_else(|| self.not_understood(200, "its checkpoint begins with no log's name".into()))?;
        Ok(origin.to_string())
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
