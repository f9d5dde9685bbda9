"""Arrays as numpy.save, savez and savez_compressed write them, of the standard library alone: for tests where there is no NumPy.

    npy.py FILE.npy DTYPE SHAPE NUMBERS        SHAPE is 3x2; NUMBERS a file of numbers, or - for stdin
    npy.py FILE.npz [--deflate] NAME=FILE.npy ...
"""
import math
import struct
import sys
import zipfile

CODES = {"<f4": "<f", "<f8": "<d", "<i4": "<i", "<i8": "<q", "|u1": "B", "|b1": "?", ">f8": ">d", "<f2": "<e", "<u2": "<H"}


def array(descr, shape, numbers, fortran=False, version=1):
    dims = "(%s)" % "".join("%d, " % d for d in shape).rstrip() if len(shape) == 1 else "(%s)" % ", ".join(map(str, shape))
    text = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }" % (descr, fortran, dims)
    width = 2 if version == 1 else 4
    text += " " * (-(8 + width + len(text) + 1) % 64) + "\n"
    head = b"\x93NUMPY" + bytes([version, 0]) + len(text).to_bytes(width, "little") + text.encode()
    code = CODES[descr]
    return head + b"".join(struct.pack(code, x if code[-1] in "fde" else int(x)) for x in numbers)


def main(path, *rest):
    if path.endswith(".npy"):
        descr, shape, source = rest[:3]
        text = sys.stdin.read() if source == "-" else open(source).read()
        shape = [int(d) for d in shape.split("x")]
        numbers = [float(x) for x in text.split()][: math.prod(shape)]
        data = array(descr, shape, numbers, "fortran" in rest, 2 if "two" in rest else 1)
        with open(path, "wb") as f:
            f.write(data)
        return
    how = zipfile.ZIP_DEFLATED if "--deflate" in rest else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, "w", how) as z:
        for pair in rest:
            if "=" in pair:
                name, source = pair.split("=", 1)
                with z.open(name if "." in name[-4:] else name + ".npy", "w", force_zip64=True) as f:
                    f.write(open(source, "rb").read())


main(*sys.argv[1:])
