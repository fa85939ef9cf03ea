"""The one version: of the API's description, of its answers, of the command and of the package."""

VERSION = "2.0.0"
