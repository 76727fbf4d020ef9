//! List resources: a stream of objects as they are found.

use super::guard::caught;
use super::{decode, encode};
use crate::context::Private;
use crate::diagnostics::Diagnostics;
use crate::generated::tfplugin6 as pb;
use crate::provider::Provider;
use crate::server::{AnyList, RawList, RawListed, Server};
use pb::list_resource::{Event, Request};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::codegen::BoxStream;

type Found<'a, P> = &'a dyn AnyList<<P as Provider>::Client>;
type Sender = mpsc::Sender<Result<Event, Status>>;

fn find<'a, P: Provider>(server: &'a Server<P>, name: &str) -> Result<Found<'a, P>, Diagnostics> {
    decode::find(&server.registry.list_resources, (P::NAME, "list resource"), name)
}

pub(super) fn validate<P: Provider>(
    server: &Server<P>,
    req: &pb::validate_list_resource_config::Request,
) -> Result<pb::validate_list_resource_config::Response, Diagnostics> {
    let list = find(server, &req.type_name)?;
    let config = decode::config(req.config.as_ref(), &list.schema().ty())?;
    let diagnostics = encode::diagnostics(list.validate(&config));
    Ok(pb::validate_list_resource_config::Response { diagnostics })
}

pub(super) fn list<P: Provider>(server: Arc<Server<P>>, req: Request) -> BoxStream<Event> {
    let (sender, receiver) = mpsc::channel(16);
    tokio::spawn(async move {
        let outcome = caught("ListResource", run(&server, req, &sender)).await;
        let diagnostic = match outcome {
            Ok(warnings) => encode::diagnostics(warnings),
            Err(errors) => encode::diagnostics(errors),
        };
        if !diagnostic.is_empty() {
            let _host_left = sender.send(Ok(Event { diagnostic, ..Event::default() })).await;
        }
    });
    Box::pin(ReceiverStream::new(receiver))
}

async fn run<P: Provider>(
    server: &Server<P>,
    req: Request,
    sender: &Sender,
) -> Result<Diagnostics, Diagnostics> {
    let list = find(server, &req.type_name)?;
    let config = decode::config(req.config.as_ref(), &list.schema().ty())?;
    // A host that names no limit wants all.
    let limit = usize::try_from(req.limit).ok().filter(|limit| *limit > 0).unwrap_or(usize::MAX);
    let resource = decode::find(&server.registry.resources, (P::NAME, "resource type"), &req.type_name)?;
    let (ty, identity) = (resource.schema().ty(), resource.identity());
    let ctx = server.context(Private::new());
    let include_object = req.include_resource_object;
    let request = RawList { config, include_object, limit };
    let (found, mut objects) = mpsc::channel::<RawListed>(1);
    let forward = async {
        let mut sent = 0;
        while let Some(listed) = objects.recv().await {
            let event = Event {
                identity: encode::identity(Some(&listed.identity), &identity),
                display_name: listed.display_name,
                resource_object: listed
                    .object
                    .filter(|_| include_object)
                    .and_then(|object| encode::value(&object, &ty)),
                diagnostic: Vec::new(),
            };
            sent += 1;
            if sender.send(Ok(event)).await.is_err() || sent >= limit {
                break;
            }
        }
        // From here on the provider is told that nobody wants more.
        objects.close();
    };
    let (listed, ()) = tokio::join!(list.list(&ctx, request, found), forward);
    ctx.finish(listed)
}
