import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLake } from '../lake/lake.ts'
import { localStorage } from '../lake/storage/local.ts'
import { lakeTables } from '../tables/index.ts'
import { openQueryEngine, type QueryEngine } from './question.ts'

/** Questions in the habits of other engines, and the words of the error that say what to do. */
const HABITS: readonly (readonly [question: string, says: string])[] = [
  ["SELECT * FROM cloudtrail_logs WHERE eventname = 'ConsoleLogin'", 'did you mean "athena.cloudtrail_logs"'],
  ['SELECT * FROM prod.cloudtrail_logs', 'did you mean "athena.cloudtrail_logs"'],
  ['SELECT * FROM default.cloudtrail_logs LIMIT 1', 'write athena.cloudtrail_logs'],
  ['SELECT eventName FROM 12345678-1234-1234-1234-123456789012', 'write cloudtrail_lake'],
  ['SELECT eventName FROM "12345678-1234-1234-1234-123456789012"', 'write cloudtrail_lake'],
  ['SELECT "$path" FROM athena.cloudtrail_logs', 'lake_object'],
  ['SELECT userIdentity.arn FROM cloudtrail', 'useridentity_arn'],
  ['SELECT userIdentity.sessionContext.sessionIssuer.userName FROM cloudtrail', 'useridentity_arn'],
  ['SELECT * FROM cloudtrail WHERE eventname = "ConsoleLogin"', 'single quotes'],
  ['SELECT requestparameters.bucketName FROM cloudtrail', 'json_extract_scalar'],
  ["SELECT requestparameters['bucketName'] FROM (SELECT '{}' AS requestparameters)", 'json_extract_scalar'],
  ['SELECT responseelements.user.arn FROM athena.cloudtrail_logs', 'json_extract_scalar'],
  ["SELECT eventname FROM cloudtrail WHERE eventname RLIKE '^Get'", 'regexp_like'],
  ["SELECT eventname FROM cloudtrail WHERE eventname NOT REGEXP '^Get'", 'regexp_like'],
  ["SELECT nvl(errorcode, 'ok') FROM cloudtrail", 'coalesce(a, b)'],
  ['SELECT GETDATE()', 'now()'],
  ['SELECT DATEADD(day, -1, eventtime) FROM cloudtrail', "date_add('day'"],
  ["SELECT get_json_object(requestparameters, '$.a') FROM cloudtrail", 'json_extract_scalar'],
  ["SELECT * FROM cloudtrail WHERE sourceipaddress <<= '10.0.0.0/8'", 'is_subnet_of'],
  ["SELECT * FROM cloudtrail WHERE cidrmatch('10.0.0.0/8', sourceipaddress)", 'is_subnet_of'],
  ['SELECT TOP 10 * FROM cloudtrail', 'LIMIT'],
  ['search index=cloudtrail eventName=ConsoleLogin | stats count by user', 'select eventname'],
  ['index=cloudtrail eventName=ConsoleLogin', '`loglake find VALUE`'],
  ["cloudtrail | where eventname == 'x' | summarize count() by user", 'select eventname'],
  ['| stats count(*) by eventName', 'select eventname'],
  ['fields @timestamp, @message | sort @timestamp desc | limit 20', 'select eventname'],
  ['SHOW COLUMNS FROM cloudtrail', 'DESCRIBE'],
  ['SHOW PARTITIONS athena.cloudtrail_logs', '`loglake days`'],
  ['SHOW CREATE TABLE cloudtrail', 'DESCRIBE'],
  ['MSCK REPAIR TABLE cloudtrail', 'nothing has to be loaded'],
  ["ALTER TABLE cloudtrail ADD PARTITION (day = '01')", 'nothing has to be loaded'],
  ['SELECT count(*) FROM information_schema.tables', 'SHOW TABLES'],
  ["SELECT * FROM cloudtrail FOR TIMESTAMP AS OF TIMESTAMP '2026-01-01 00:00:00 UTC'", '--at'],
  ['SELECT * FROM cloudtrail FOR VERSION AS OF 1', '--at'],
  ["SELECT eventname FROM cloudtrail WHERE year = '2026' AND month = '01'", 'lake_day'],
  [
    'SELECT array_agg(eventname) WITHIN GROUP (ORDER BY eventtime) FROM cloudtrail',
    'array_agg(a ORDER BY b)',
  ],
  ['SELECT * FROM cloudtrail TABLESAMPLE BERNOULLI (10)', 'PERCENT'],
  ["SELECT * FROM 's3://bucket/x.parquet'", '`loglake ingest`'],
  ['SELECT unnest(resources) FROM cloudtrail', 'cast(resources as json[])'],
  ['SELECT substring(eventtime, 1, 10) FROM cloudtrail', "date_format(eventtime, '%Y-%m-%d')"],
  ['SELECT eventName FROM EXAMPLEf852-4e8f-8bd1-bcf6cEXAMPLE', 'write cloudtrail_lake'],
  ['SELECT eventName FROM event_data_store_ID', 'write cloudtrail_lake'],
  ['SELECT eventName FROM $EDS_ID', 'write cloudtrail_lake'],
  ['SELECT eventName FROM <event_data_store_ID>', 'write cloudtrail_lake'],
  ['SELECT * FROM cloudtrail_logs_my_bucket', 'did you mean "athena.cloudtrail_logs"'],
  ['SELECT eventData.eventName FROM cloudtrail_lake', 'by their own names'],
  ["SELECT CAST(json_parse('[1]') AS ARRAY<INTEGER>)", 'VARCHAR[]'],
  ["SELECT CAST(json_parse('{}') AS MAP<VARCHAR, INTEGER>)", 'round brackets'],
  ['SELECT * FROM (VALUES 1, 2) AS t(x)', 'each row in brackets'],
  ['SELECT a FROM athena.cloudtrail_logs CROSS JOIN UNNEST(resources) AS t(a, b, c)', 'e.arn'],
  ['SELECT a FROM athena.cloudtrail_logs, UNNEST(resources) WITH ORDINALITY AS t(a, b, c)', 'e.arn'],
  ['SELECT k FROM cloudtrail_lake CROSS JOIN UNNEST(requestparameters) AS t(k, v)', 'map_entries'],
  ['SELECT k FROM cloudtrail_lake CROSS JOIN UNNEST(requestparameters) AS t(k)', 'map_entries'],
  ["SELECT * FROM UNNEST(ARRAY[1, 2], ARRAY['a', 'b']) AS t(n, s)", 'zip(a, b)'],
  [
    'SELECT reduce(ARRAY[1], CAST(ROW(0.0, 0) AS ROW(s double, n integer)), (s, x) -> s, s -> s.s / s.n)',
    "items' own type",
  ],
  ['SELECT eventname FROM bedrock LIMIT 1', 'did you mean "bedrock_'],
]

/** What the hints write runs. */
const INSTEAD = [
  'select eventname, count(*) as n from cloudtrail where errorcode is not null group by all order by n desc limit 20',
  "select json_extract_scalar(requestparameters, '$.bucketName') from cloudtrail",
  'select unnest(cast(resources as json[])) from cloudtrail',
  "select eventname from cloudtrail where is_subnet_of('10.0.0.0/8', cast(sourceipaddress as ipaddress))",
  "select date_format(eventtime, '%Y-%m-%d'), cast(eventtime as varchar), to_unixtime(eventtime) from cloudtrail",
  "select date_add('day', -1, eventtime), at_timezone(eventtime, 'Europe/Berlin'), now() from cloudtrail",
  'select array_agg(eventname order by eventtime), array_agg(distinct eventname) from cloudtrail',
  "select strpos(eventname, 'a'), coalesce(errorcode, ''), if(errorcode is null, 1, 2) from cloudtrail",
  "select regexp_extract(eventname, 'a'), regexp_like(eventname, '^Get'), json_parse(requestparameters) from cloudtrail",
  'select * from cloudtrail tablesample bernoulli (10 percent)',
  'select distinct lake_day from cloudtrail',
  'select e.arn, n from athena.cloudtrail_logs cross join unnest(resources) with ordinality as t(e, n)',
  'select e.key, e.value from cloudtrail_lake cross join unnest(map_entries(requestparameters)) as t(e)',
  'select e[1], e[2] from unnest(zip(array[1], array[2])) as t(e)',
  'select reduce(transform(array[1], x -> cast(x as double)), 0.0, (s, x) -> s + x, s -> s), list_sum([1]), list_avg([1])',
  "select cast(json_parse('{}') as map(varchar, integer)), cast(row(1, 2) as row(a varchar, b bigint))",
  'select lake_object from cloudtrail',
  'describe cloudtrail',
  'show tables',
]

let queryEngine: QueryEngine
beforeAll(async () => {
  const lake = openLake(localStorage(mkdtempSync(join(tmpdir(), 'loglake-hints-'))), lakeTables)
  queryEngine = await openQueryEngine(lake, { limits: { threads: 1 } })
})
afterAll(() => queryEngine.close())

async function run(question: string): Promise<void> {
  const answer = await queryEngine.ask(question)
  try {
    for await (const _ of answer.rows());
  } finally {
    answer.close()
  }
}

test.each(HABITS)('%s', async (question, says) => {
  await expect(run(question)).rejects.toThrow(says)
})

test.each(INSTEAD)('%s is answered', async (question) => {
  await expect(run(question)).resolves.toBeUndefined()
})

test('an ordinary mistake gets no hint of another engine', async () => {
  for (const question of [
    'select from where',
    'select nothing from cloudtrail',
    'select x.arn from cloudtrail c',
  ])
    await expect(run(question)).rejects.toThrow(/^(?![\s\S]*\nwrite )/)
})
