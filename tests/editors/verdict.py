"""Inside kritarunner: call FUNCTION of the file MODULE, and write what came of it to VERDICT.

kritarunner's own exit status is 0 whatever happens.
"""

import importlib.util
import json
import sys
import traceback
from pathlib import Path


def main(arguments):
    verdict, module, function, *rest = arguments
    try:
        answer = {"value": getattr(load(Path(module)), function)(*rest)}
        text = json.dumps(answer)
    except BaseException:
        text = json.dumps({"traceback": traceback.format_exc()})
    Path(verdict).write_text(text)


def load(path):
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module
