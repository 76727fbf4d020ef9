//! Actions: planned like anything else, invoked as a stream of progress.

use super::guard::caught;
use super::{decode, encode};
use crate::context::Private;
use crate::diagnostics::Diagnostics;
use crate::generated::tfplugin6 as pb;
use crate::provider::Provider;
use crate::server::{AnyAction, Server};
use pb::invoke_action::Event;
use pb::invoke_action::event::{Completed, Progress, Type};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::codegen::BoxStream;

type Found<'a, P> = &'a dyn AnyAction<<P as Provider>::Client>;
type Sender = mpsc::Sender<Result<Event, Status>>;

fn find<'a, P: Provider>(server: &'a Server<P>, name: &str) -> Result<Found<'a, P>, Diagnostics> {
    decode::find(&server.registry.actions, (P::NAME, "action"), name)
}

pub(super) fn validate<P: Provider>(
    server: &Server<P>,
    req: &pb::validate_action_config::Request,
) -> Result<pb::validate_action_config::Response, Diagnostics> {
    let action = find(server, &req.action_type)?;
    let config = decode::config(req.config.as_ref(), &action.schema().ty())?;
    let diagnostics = encode::diagnostics(action.validate(&config));
    Ok(pb::validate_action_config::Response { diagnostics })
}

pub(super) async fn plan<P: Provider>(
    server: &Server<P>,
    req: pb::plan_action::Request,
) -> Result<pb::plan_action::Response, Diagnostics> {
    let action = find(server, &req.action_type)?;
    let config = decode::config(req.config.as_ref(), &action.schema().ty())?;
    let ctx = server.context(Private::new());
    let allowed = req.client_capabilities.is_some_and(|capabilities| capabilities.deferral_allowed);
    let deferred = match action.plan(&ctx, &config).await {
        Ok(()) => None,
        Err(errors) => match errors.deferral().filter(|_| allowed) {
            Some(reason) => Some(reason),
            None => return Err(ctx.failed(errors)),
        },
    };
    let (warnings, _) = ctx.into_parts();
    Ok(pb::plan_action::Response {
        diagnostics: encode::diagnostics(warnings),
        deferred: encode::deferred(deferred),
    })
}

pub(super) fn invoke<P: Provider>(
    server: Arc<Server<P>>,
    req: pb::invoke_action::Request,
) -> BoxStream<Event> {
    let (sender, receiver) = mpsc::channel(16);
    tokio::spawn(async move {
        let outcome = caught("InvokeAction", run(&server, req, &sender)).await;
        let diagnostics = match outcome {
            Ok(warnings) => encode::diagnostics(warnings),
            Err(errors) => encode::diagnostics(errors),
        };
        let completed = Event { r#type: Some(Type::Completed(Completed { diagnostics })) };
        let _host_left = sender.send(Ok(completed)).await;
    });
    Box::pin(ReceiverStream::new(receiver))
}

async fn run<P: Provider>(
    server: &Server<P>,
    req: pb::invoke_action::Request,
    sender: &Sender,
) -> Result<Diagnostics, Diagnostics> {
    let action = find(server, &req.action_type)?;
    let config = decode::config(req.config.as_ref(), &action.schema().ty())?;
    let ctx = server.context(Private::new());
    let (progress, mut lines) = mpsc::channel::<String>(16);
    let forward = async {
        while let Some(message) = lines.recv().await {
            let event = Event { r#type: Some(Type::Progress(Progress { message })) };
            let _host_left = sender.send(Ok(event)).await;
        }
    };
    let (invoked, ()) = tokio::join!(action.invoke(&ctx, config, progress), forward);
    ctx.finish(invoked)
}
