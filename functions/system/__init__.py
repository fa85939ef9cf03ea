"""Health, information and the API's description; answers for every path that nobody owns."""
