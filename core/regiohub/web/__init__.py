"""The HTTP side: application factory, tenant of a request, errors, pages, health and metrics."""
