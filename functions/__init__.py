"""What Lambda runs: HTTP and event edges only. One folder is one function; functions never import each other."""

import gc
import os

if "AWS_LAMBDA_INITIALIZATION_TYPE" in os.environ:
    # Imports make no garbage: looking for it takes a tenth of a cold start. `storage.client` begins to collect.
    gc.disable()
