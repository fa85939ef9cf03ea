"""Groundswell's domain code: one package per feature, shipped as a Lambda layer."""
