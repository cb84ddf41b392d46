"""Values, requests and documents that are made from the model alone."""
