//! Hearing a client out: a refusal may come while the client still sends its body.
//!
//! A server that answers and closes with unread bytes in its socket resets the connection, and the client may lose the
//! answer. So a bounded part of what is under way is taken and thrown away first. If the body ends within it, the
//! connection stays of use; otherwise the answer says that it is closed.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};

/// The middleware around the room.
pub(super) async fn hear_out<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let payload = match request.take_payload() {
        Payload::None => return next.call(request).await,
        payload => payload,
    };
    let body = Body(Rc::new(RefCell::new(State { payload, ended: false })));
    request.set_payload(Payload::Stream { payload: Box::pin(body.clone()) });
    let mut response = next.call(request).await?;
    if body.has_ended() {
        return Ok(response);
    }
    // Who did not send in time is not waited for again.
    let heard_out = response.status() != StatusCode::REQUEST_TIMEOUT && body.drain().await;
    if !heard_out {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    Ok(response)
}

/// The body of a request, which the handler and this middleware hold.
#[derive(Clone)]
struct Body(Rc<RefCell<State>>);

struct State {
    payload: Payload,
    ended: bool,
}

impl Body {
    fn has_ended(&self) -> bool {
        self.0.borrow().ended
    }

    /// Takes what comes, within limits; whether the body ended.
    async fn drain(mut self) -> bool {
        let draining = async {
            let mut taken = 0;
            while taken < MOST_BYTES {
                match self.next().await {
                    Some(Ok(bytes)) => taken += bytes.len(),
                    Some(Err(_)) => return false,
                    None => return true,
                }
            }
            false
        };
        tokio::time::timeout(LONGEST, draining).await.unwrap_or(false)
    }
}

impl Stream for Body {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut state = self.0.borrow_mut();
        let next = Pin::new(&mut state.payload).poll_next(context);
        state.ended |= matches!(next, Poll::Ready(None));
        next
    }
}

const MOST_BYTES: usize = 1 << 20;
const LONGEST: Duration = Duration::from_secs(1);
