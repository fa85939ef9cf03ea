"""The features that keep personal data, as the function's declaration names them (`PERSONAL_DATA`)."""

import os
from importlib import import_module

from groundswell.personal_data.port import ClientData


def load_personal_data() -> tuple[ClientData, ...]:
    """Of each feature, in the order of `infra/catalogue.py`. Raises KeyError where a feature's table or bucket is
    not granted."""
    packages = os.environ["PERSONAL_DATA"].split(",")
    modules = [import_module(f"groundswell.{package}.privacy") for package in packages]
    return tuple(kept for module in modules for kept in module.personal_data())
