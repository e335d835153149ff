"""What wraps every request: identity and log line, headers, size limit, town, origins of other sites."""
