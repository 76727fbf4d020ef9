//! `invoker-too-wide`: an invoker that does more than starting the runner and watching it.

use super::finding::Finding;
use super::judged::Judged;
use super::power::PASS_ROLE;
use super::state_role_too_wide::is_named;
use super::{Level, Rule, power, takeover, writes};
use crate::task::Task;
use iam_policy::analyze::Grant;
use iam_policy::catalog::Action;

pub(super) const RULE: Rule = Rule {
    name: "invoker-too-wide",
    level: Level::Deny,
    summary: "An invoker can do more than start the runner and watch it",
    title: "Invoker is too wide",
    prose: "\
An invoker may do something else than starting the runner and reading its output, may start anything rather than what \
is named, or may hand over a role of the runner that is stronger than itself.

The invoker's role is in the hands of the CI system, which is where secrets leak. It should be good for asking the runner \
to do what the runner would do anyway.

Accepted is starting what is named (a Lambda function, an ECS task, a CodeBuild project, a pipeline, a state machine, a \
message to a queue, topic or bus), handing over roles that are named, reading log groups that are named, and looking at \
what there is. A task that is started directly runs any command with any role that may be handed over: an invoker that \
may hand over the applier is the applier.

## What to write instead

`permissions.invoke` has what it takes. Best, let it start a function that decides what may run:

```terraform
permissions = {
  invoke = {
    lambda_function_arns = [\"arn:aws:lambda:eu-west-1:111122223333:function:deploy-runner\"]
  }
}
```
",
    yields: true,
    find,
};

const ADVICE: [&str; 2] = [
    "The CI system has this role, where secrets leak most, and it should be good for starting the runner alone.",
    "Declare `permissions.invoke`, or name the function, task, logs and roles; hand over no role that is stronger.",
];

/// What starts a runner, ends a run, and reads its output.
const INVOKE: &[&str] = &[
    "codebuild:RetryBuild",
    "codebuild:StartBuild",
    "codebuild:StartBuildBatch",
    "codebuild:StopBuild",
    "codebuild:StopBuildBatch",
    "codepipeline:StartPipelineExecution",
    "codepipeline:StopPipelineExecution",
    "ecs:RunTask",
    "ecs:StopTask",
    "events:PutEvents",
    PASS_ROLE,
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "lambda:InvokeAsync",
    "lambda:InvokeFunction",
    "lambda:InvokeFunctionUrl",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:GetQueryResults",
    "logs:StartLiveTail",
    "logs:StartQuery",
    "logs:StopQuery",
    "sns:Publish",
    "sqs:SendMessage",
    "states:StartExecution",
    "states:StartSyncExecution",
    "states:StopExecution",
];

/// What cannot be limited to a log group.
const OF_NO_RESOURCE: &[&str] = &["logs:GetQueryResults", "logs:StopQuery"];

fn find(judged: &Judged<'_>, found: &mut Vec<Finding>) {
    if !judged.is_known_for(&[Task::Invoker]) {
        return;
    }
    let wanted = |action: &Action| writes::is_write(action) || writes::is_secret(action);
    let counts = |grant: &Grant| match grant.action.as_str() {
        action if OF_NO_RESOURCE.contains(&action) => false,
        action if INVOKE.contains(&action) => !is_named(grant),
        _ => power::counts(grant),
    };
    let allowed = judged.allowed_if(&judged.subject(), wanted, counts);
    found.extend(allowed.iter().map(|one| Finding::allows(judged, one, ADVICE)));
    takeover::find(judged, found, ADVICE);
}
