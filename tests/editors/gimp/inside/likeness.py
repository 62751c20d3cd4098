"""Inside GIMP: results of files, for comparison with what the command line makes of them."""

from pathlib import Path

from gi.repository import Gimp
from session import load, read, select_all_by, stylized


def main(cases, folder):
    return [one(case, Path(folder)) for case in cases]


def one(case, folder):
    image = load(case["content"])
    layer = image.get_layers()[0]
    if case["mask"]:
        picture = load(case["mask"])
        select_all_by(image, read(picture.get_layers()[0], "Y' u8"))
        picture.delete()
    before = {other.get_id() for other in Gimp.get_images()}
    new = stylized(image, layer, style=case["style"], **case["choices"])
    (folder / f"{case['name']}.bin").write_bytes(read(new))
    if case["choices"].get("limit") == "mask":
        (folder / f"{case['name']}-mask.bin").write_bytes(read(new.get_mask()))
    left = [other for other in Gimp.get_images() if other.get_id() not in before]
    answer = {"name": new.get_name(), "left over": len(left), "mask": new.get_mask() is not None}
    image.delete()
    return answer
