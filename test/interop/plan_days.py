"""Prints how many data files pyiceberg plans to read of each day that is asked for: the table's metadata file, and days."""

import sys

from pyiceberg.expressions import EqualTo
from pyiceberg.table import StaticTable

table = StaticTable.from_metadata(sys.argv[1])
for day in sys.argv[2:]:
    print(sum(1 for _ in table.scan(row_filter=EqualTo("lake_day", day)).plan_files()))
