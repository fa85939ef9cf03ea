"""The process's networks. A function that uses them declares the settings in `NETWORK_SETTINGS`, and is granted the
secret `vendors` and the key `credentials`."""

import os
from collections.abc import Mapping
from datetime import timedelta
from functools import cache

from groundswell.kernel.clock import utc_now
from groundswell.observability.metrics import metric
from groundswell.outbound.adapter_keys import vendor_key
from groundswell.outbound.adapter_vendor import vendor_url
from groundswell.social.model import Network
from groundswell.social.networks.adapter_calls import App
from groundswell.social.networks.adapter_linkedin import LinkedInNetwork
from groundswell.social.networks.adapter_x import XNetwork
from groundswell.social.networks.port import SocialNetwork
from groundswell.social.networks.versions import linkedin_ends

VERSION_METRIC = "LinkedInVersionDaysLeft"


@cache
def watched_networks() -> Mapping[Network, SocialNetwork]:
    """The same for the worker, which tells operators how long LinkedIn serves our version still: once a process."""
    left = linkedin_ends(os.environ["LINKEDIN_VERSION"]) - utc_now()
    metric(VERSION_METRIC, left / timedelta(days=1))
    return networks()


@cache
def networks() -> Mapping[Network, SocialNetwork]:
    return {
        Network.LINKEDIN: LinkedInNetwork(
            vendor_url("LINKEDIN_URL"), os.environ["LINKEDIN_VERSION"], _app("LINKEDIN", Network.LINKEDIN), utc_now
        ),
        Network.TWITTER: XNetwork(vendor_url("X_URL"), _app("X", Network.TWITTER), utc_now),
    }


def _app(name: str, network: Network) -> App:
    callback = f"{os.environ['PUBLIC_URL'].rstrip('/')}/api/v1/communication/{network.value}/callback"
    return App(os.environ[f"{name}_CLIENT_ID"], vendor_key(f"{name}_CLIENT_SECRET"), callback)
