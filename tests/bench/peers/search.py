"""What somebody would write with Debian's python3-faiss: an exact search in a flat
index of binary codes. Rows and queries are files of 32 bytes each; the answer is
JSON. Arguments: rows, queries, radius."""

import json
import sys
import time

import faiss
import numpy

rows, queries, radius = sys.argv[1], sys.argv[2], int(sys.argv[3])
faiss.omp_set_num_threads(1)
index = faiss.IndexBinaryFlat(256)
index.add(numpy.fromfile(rows, dtype="uint8").reshape(-1, 32))
found, took = 0, []
for query in numpy.fromfile(queries, dtype="uint8").reshape(-1, 1, 32):
    begin = time.perf_counter()
    limits, _, _ = index.range_search(query, radius + 1)  # it finds what is nearer than that
    took.append(1000 * (time.perf_counter() - begin))
    found += int(limits[-1])
print(json.dumps({"found": found, "milliseconds": took}))
