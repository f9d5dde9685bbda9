# A number in a JSON file: python3 zoo/of.py FILE KEY..., a key being a name, or the place in a list.
import json
import sys

value = json.load(open(sys.argv[1]))
for key in sys.argv[2:]:
    value = value[int(key) if isinstance(value, list) else key]
print(value)
