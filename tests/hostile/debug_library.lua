-- expect-match: debug is not available
debug.getregistry()
