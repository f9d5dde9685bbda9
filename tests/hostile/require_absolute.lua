-- expect-match: require takes a name
return require '/etc/passwd'
