"""What mail providers report, over HTTP."""
