import json, sys
from pathlib import Path
from lantian.plan.read import read
print(json.dumps(read(Path(sys.argv[1])), ensure_ascii=False, indent=1))
