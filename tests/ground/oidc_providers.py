"""Adds to both emulators the calls on identity providers that they lack.

ministack cannot change a provider, and moto cannot change its client IDs. From here on both can, and both have a
thumbprint where none was given, as IAM has, which asks the issuer for its certificate. (IAM API reference,
"AddClientIDToOpenIDConnectProvider" and its neighbors.)

Owns these calls. Everything else of a provider stays the emulator's.
"""

# What stands for the thumbprint that IAM would find: nobody is asked here.
FOUND = "f" * 40


def into_ministack() -> None:
    """From now on ministack knows them."""
    from ministack.services import iam

    create = iam._create_oidc_provider

    def created(parameters):
        if not iam._p(parameters, "ThumbprintList.member.1"):
            parameters = {**parameters, "ThumbprintList.member.1": [FOUND]}
        return create(parameters)

    iam._IAM_HANDLERS["CreateOpenIDConnectProvider"] = created
    for action, change in CHANGES.items():
        iam._IAM_HANDLERS[action] = changing(iam, action, change)


def changing(iam, action: str, change):
    """The handler of a call that changes a provider."""

    def handler(parameters):
        arn = iam._p(parameters, "OpenIDConnectProviderArn")
        provider = iam._oidc_providers.get(arn)
        if provider is None:
            return iam._error(404, "NoSuchEntity", f"OpenIDConnect Provider not found for arn {arn}", ns="iam")
        change(iam, provider, parameters)
        return iam._xml(200, f"{action}Response", "", ns="iam")

    return handler


def add_client_id(iam, provider: dict, parameters) -> None:
    asked = iam._p(parameters, "ClientID")
    provider["ClientIDList"] = [known for known in provider["ClientIDList"] if known != asked] + [asked]


def remove_client_id(iam, provider: dict, parameters) -> None:
    asked = iam._p(parameters, "ClientID")
    provider["ClientIDList"] = [known for known in provider["ClientIDList"] if known != asked]


def update_thumbprints(iam, provider: dict, parameters) -> None:
    provider["ThumbprintList"] = listed(iam, parameters, "ThumbprintList")


def tag(iam, provider: dict, parameters) -> None:
    tags = iam._extract_tags(parameters)
    replaced = {one["Key"].lower() for one in tags}
    provider["Tags"] = [one for one in provider["Tags"] if one["Key"].lower() not in replaced] + tags


def untag(iam, provider: dict, parameters) -> None:
    removed = {key.lower() for key in listed(iam, parameters, "TagKeys")}
    provider["Tags"] = [one for one in provider["Tags"] if one["Key"].lower() not in removed]


def listed(iam, parameters, name: str) -> list[str]:
    found: list[str] = []
    while value := iam._p(parameters, f"{name}.member.{len(found) + 1}"):
        found.append(value)
    return found


CHANGES = {
    "AddClientIDToOpenIDConnectProvider": add_client_id,
    "RemoveClientIDFromOpenIDConnectProvider": remove_client_id,
    "UpdateOpenIDConnectProviderThumbprint": update_thumbprints,
    "TagOpenIDConnectProvider": tag,
    "UntagOpenIDConnectProvider": untag,
}


def into_moto() -> None:
    """From now on moto knows them."""
    from moto.core.responses import EmptyResult
    from moto.iam.models import IAMBackend
    from moto.iam.responses import IamResponse

    create = IAMBackend.create_open_id_connect_provider

    def created(self, url, thumbprints, client_ids, tags):
        return create(self, url, thumbprints or [FOUND], client_ids, tags)

    def provider(response):
        return response.backend.get_open_id_connect_provider(response._get_param("OpenIDConnectProviderArn"))

    def add(self):
        found, asked = provider(self), self._get_param("ClientID")
        found.client_id_list = [known for known in found.client_id_list if known != asked] + [asked]
        return EmptyResult()

    def remove(self):
        found, asked = provider(self), self._get_param("ClientID")
        found.client_id_list = [known for known in found.client_id_list if known != asked]
        return EmptyResult()

    IAMBackend.create_open_id_connect_provider = created
    IamResponse.add_client_id_to_open_id_connect_provider = add
    IamResponse.remove_client_id_from_open_id_connect_provider = remove
