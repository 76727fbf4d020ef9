"""Lets ministack's GetAccountAuthorizationDetails show the permissions boundary of each role, as AWS's does.

Without it, a role that is read with others looks as if it had none. (IAM API Reference, "RoleDetail".)
"""


def install() -> None:
    """From now on roles are shown with their boundaries."""
    from ministack.services import iam

    details = iam._IAM_HANDLERS["GetAccountAuthorizationDetails"]

    def with_boundaries(params):
        status, headers, body = details(params)
        text = body.decode()
        for role in iam._roles.values():
            if boundary := role.get("PermissionsBoundary"):
                shown = f"<RoleId>{role['RoleId']}</RoleId>"
                text = text.replace(shown, shown + attached(boundary))
        return status, headers, text.encode()

    iam._IAM_HANDLERS["GetAccountAuthorizationDetails"] = with_boundaries


def attached(arn: str) -> str:
    """AttachedPermissionsBoundary, in the wire's XML."""
    return (
        "<PermissionsBoundary>"
        "<PermissionsBoundaryType>Policy</PermissionsBoundaryType>"
        f"<PermissionsBoundaryArn>{arn}</PermissionsBoundaryArn>"
        "</PermissionsBoundary>"
    )
