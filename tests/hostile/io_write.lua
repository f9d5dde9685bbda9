-- expect-match: io is not available
io.open('/tmp/x', 'w')
