"""What somebody would write with Debian's python3-imagehash: a pHash of each file
named on standard input."""

import sys

import imagehash
from PIL import Image

for line in sys.stdin:
    name = line.rstrip("\n")
    with Image.open(name) as picture:
        print(imagehash.phash(picture), "", name, sep=",")
