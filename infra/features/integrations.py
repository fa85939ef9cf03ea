"""Platforms that clients connect, and what they bring."""

from infra.declarations import Feature, PersonalData

FEATURE = Feature(name="integrations", personal_data=(PersonalData(package="integrations"),))
