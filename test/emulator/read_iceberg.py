"""Reads tables of a lake on S3 with pyiceberg: their newest metadata file is named, and is all it is told."""

import json
import os
import sys

from pyiceberg.expressions import EqualTo
from pyiceberg.table import StaticTable

properties = {
    "s3.endpoint": os.environ["AWS_ENDPOINT_URL"],
    "s3.access-key-id": os.environ["AWS_ACCESS_KEY_ID"],
    "s3.secret-access-key": os.environ["AWS_SECRET_ACCESS_KEY"],
    "s3.region": os.environ["AWS_REGION"],
    "s3.force-virtual-addressing": "false",
}
answers = []
for metadata, column, day in json.loads(sys.argv[1]):
    table = StaticTable.from_metadata(metadata, properties)
    rows = table.scan(selected_fields=(column,)).to_arrow()
    answers.append(
        {
            "location": table.location(),
            "rows": rows.num_rows,
            "values": sorted(str(value) for value in rows[column].to_pylist()),
            "of_day": table.scan(row_filter=EqualTo("lake_day", day)).to_arrow().num_rows,
            "files": sorted(task.file.file_path for task in table.scan().plan_files()),
        }
    )
print(json.dumps(answers))
