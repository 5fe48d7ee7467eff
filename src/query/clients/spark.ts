import type { Lake } from '../../lake/lake.ts'
import type { LakeVersion } from '../../lake/version.ts'
import { isInBucket, python, uriOf, variable } from './location.ts'

/**
 * A script that registers the tables as views of a Spark session; Spark finds each table's newest version
 * itself.
 */
export function sparkScript(lake: Lake, { catalog }: LakeVersion): string {
  const root = (folder: string) => {
    const uri = uriOf(lake, folder)
    // Hadoop's name for the S3 scheme.
    return isInBucket(lake) ? uri.replace(/^s3:/, 's3a:') : uri
  }
  const lines = Object.entries(catalog.tables).map(
    ([name, { folder }]) =>
      `spark.read.format("iceberg").load(${python(root(folder))}).createOrReplaceTempView(${python(variable(name))})`,
  )
  return `${[
    '# The newest version of each table when this runs; for the same moment in all of them, stop writers before.',
    "# Iceberg's runtime has to be on the class path, as in",
    '#   pyspark --packages org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.9.2',
    ...(isInBucket(lake)
      ? ['# and hadoop-aws of your Hadoop with it. Credentials come from your AWS configuration.']
      : []),
    'from pyspark.sql import SparkSession',
    '',
    'spark = SparkSession.builder.getOrCreate()',
    'spark.conf.set("spark.sql.session.timeZone", "UTC")',
    ...lines,
  ].join('\n')}\n`
}
