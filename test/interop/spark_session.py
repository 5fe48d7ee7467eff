"""The session of Spark that the readers use, with Iceberg's own Java library. Spark fetches it from Maven Central and keeps it beside the
Python environment."""

import os
import sys

from pyspark.sql import SparkSession

ICEBERG = "org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.9.2"


def start(settings):
    builder = (
        SparkSession.builder.master("local[2]")
        .config("spark.jars.packages", ICEBERG)
        .config("spark.jars.ivy", os.path.join(sys.prefix, "ivy"))
        .config("spark.driver.memory", "1g")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
    )
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
