"""Loads what warns while it is loaded, so that the programs can be collected by themselves."""

import warnings

with warnings.catch_warnings():
    # It would rather have httpx2, and works with httpx as well.
    warnings.simplefilter("ignore")
    import starlette.testclient  # noqa: F401
