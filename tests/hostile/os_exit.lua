-- expect-match: os is not available
os.exit(0)
