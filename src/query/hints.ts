/**
 * What to write instead, for questions in the habits of Athena, CloudTrail Lake, Splunk and other engines.
 * Each hint is text of ours: nothing of a question or of a log is repeated in it.
 */

interface Hint {
  /** What the question says. */
  asks: RegExp
  /** What the engine says of it; anything by default. */
  told?: RegExp
  write: string
}

const SPLUNK =
  /^\s*(?:search\b|index\s*=|fields\s+@|(?:\||\w+\s*\|)|(?:t?stats|timechart|summarize|eval|rex|rare)\b)/i

/** Forms that DuckDB's parser refuses. */
const FORMS: readonly Hint[] = [
  {
    asks: SPLUNK,
    write: `SQL, as in: select eventname, count(*) as n from cloudtrail where errorcode is not null group by all order by n desc limit 20
(\`loglake queries\` lists questions that need no SQL, \`loglake find VALUE\` looks in every table)`,
  },
  { asks: /^\s*show\s+columns\b/i, write: 'DESCRIBE and the name of the table for SHOW COLUMNS' },
  {
    asks: /^\s*show\s+partitions\b/i,
    write: 'select distinct lake_day from cloudtrail for SHOW PARTITIONS, or `loglake days`',
  },
  {
    asks: /^\s*show\s+create\b/i,
    write:
      'DESCRIBE and the name of the table for SHOW CREATE, or `loglake views NAME` for the SQL of a view',
  },
  {
    asks: /^\s*(?:msck\s+repair|alter\s+table|refresh\s+table|analyze\s+table)\b/i,
    write: 'the question alone: the tables know their files and partitions, and nothing has to be loaded',
  },
  {
    asks: /\bfor\s+(?:system_)?(?:timestamp|time|version)\s+as\s+of\b/i,
    write:
      'no AS OF: `loglake query --at VERSION` or `--at TIME` asks an earlier version, in the shell `\\at`',
  },
  {
    asks: /\b(?:from|join)\s+default\s*\./i,
    write: 'athena.cloudtrail_logs for the CloudTrail table of Athena',
  },
  {
    asks: /\b(?:from|join)\s+[0-9a-z]{8,}-[0-9a-z]{4}-/i,
    write: 'cloudtrail_lake for the id of an event data store',
  },
  {
    asks: /\b(?:from|join)\s+(?:\$|<|\{)/i,
    write:
      'cloudtrail_lake for the id of an event data store, athena.cloudtrail_logs for the CloudTrail table of Athena',
  },
  { asks: /\bselect\s+top\s*\(?\s*\d/i, write: 'LIMIT and the number at the end for TOP' },
  {
    asks: /\b(?:not\s+)?(?:rlike|regexp)\b\s*'/i,
    write: "regexp_like(eventname, '^Get') for RLIKE and REGEXP",
  },
  {
    asks: /\blistagg\b[\s\S]*\bwithin\s+group\b/i,
    write: "for listagg(a, ',') WITHIN GROUP (ORDER BY b), string_agg(a, ',' ORDER BY b)",
  },
  {
    asks: /\barray_agg\b[\s\S]*\bwithin\s+group\b/i,
    write: 'array_agg(a ORDER BY b) for array_agg(a) WITHIN GROUP (ORDER BY b)',
  },
  {
    asks: /\btablesample\s+(?:bernoulli|system)\s*\(\s*[\d.]+\s*\)/i,
    write: 'TABLESAMPLE BERNOULLI (10 PERCENT), with the word PERCENT',
  },
  {
    asks: /\bjson_(?:value|query|exists)\b[\s\S]*\b(?:returning|passing|wrapper|quotes|on\s+(?:empty|error))\b/i,
    write:
      'json_value, json_query and json_exists without clauses, as in CAST(json_value(a, path) AS bigint)',
  },
  { asks: /\barray\s*[(<]/i, write: 'VARCHAR[] for ARRAY(VARCHAR)' },
  {
    asks: /\b(?:map|row|struct)\s*</i,
    write: 'MAP(VARCHAR, BIGINT) and ROW(a VARCHAR, b BIGINT), with round brackets',
  },
  { asks: /\bvalues\s+[^(\s]/i, write: "VALUES ('a'), ('b'), each row in brackets" },
  { asks: /\bmatch_recognize\b/i, write: 'window functions for MATCH_RECOGNIZE' },
]

const UNNEST_OF_MAP = 'UNNEST(map_entries(a)) AS t(e), with e.key and e.value,'

/** What to write instead of an UNNEST that makes several columns. */
export function unnestHint(lists: number): string {
  if (lists > 1) return 'UNNEST takes one list here: write UNNEST(zip(a, b)) AS t(e), with e[1] and e[2]'
  return `UNNEST makes one column here: write UNNEST(a) AS t(e), with e.arn, for a list of structures, and ${UNNEST_OF_MAP} for a map`
}

const JSON_TEXT = '(?:requestparameters|responseelements|additionaleventdata|serviceeventdetails)'

/** What cannot be bound to the tables, or run. */
const NAMES: readonly Hint[] = [
  {
    asks: new RegExp(String.raw`\b${JSON_TEXT}"?\s*(?:\.\s*\w|\[)`, 'i'),
    told: /Cannot extract field|Could not convert string|Referenced table/,
    write: "json_extract_scalar(requestparameters, '$.bucketName'): these columns are JSON text",
  },
  {
    asks: /\b(?:useridentity|tlsdetails|sessioncontext|addendum|insightdetails)\s*\./i,
    told: /Referenced (?:table|column)/,
    write:
      'flat names in cloudtrail, as useridentity_arn, or ask athena.cloudtrail_logs or cloudtrail_lake, which have structures',
  },
  {
    asks: /\beventdata\s*\./i,
    told: /Referenced (?:table|column)/,
    write: 'eventname and the other columns by their own names: cloudtrail_lake has them side by side',
  },
  {
    asks: /"\$(?:path|file_modified_time)"/i,
    told: /Referenced column/,
    write:
      'lake_object, the object that a row came from, and ask cloudtrail: the view of Athena does not have it',
  },
  {
    asks: /[=(,]\s*"[^"]*"/,
    told: /Referenced column/,
    write: "texts in single quotes, 'ConsoleLogin': double quotes are for names",
  },
  {
    asks: /\b(?:year|month|day|region|account|dt|partition_\d|date_partition|region_partition)\b/i,
    told: /Referenced column "(?:year|month|day|region|account|dt|partition_\d|\w+_partition)"/i,
    write:
      'lake_day, awsregion and recipientaccountid in cloudtrail, or ask athena.cloudtrail_logs, which has the partition columns of Athena',
  },
  {
    asks: /\bunnest\s*\(/i,
    told: /UNNEST\(\) can only be applied to lists/,
    write: "unnest(cast(resources as json[])): a list of a log's record is JSON text in loglake's own tables",
  },
  {
    asks: /\bunnest\s*\(/i,
    told: /UNNEST requires a single list/,
    write: `${UNNEST_OF_MAP} for a map`,
  },
  {
    asks: /\breduce\s*\(/i,
    told: /initial value type/,
    write:
      "a start of the items' own type, as in reduce(transform(a, x -> CAST(x AS double)), 0.0, (s, x) -> s + x, s -> s), or list_sum(a) and list_avg(a)",
  },
  {
    asks: /\b(?:substr|substring|left|right|split|split_part|regexp_like|regexp_extract|like)\b/i,
    told: /TIMESTAMP(?: WITH TIME ZONE|_\w+)?\s*[,)]/,
    write: "date_format(eventtime, '%Y-%m-%d') or cast(eventtime as varchar): it is a time here and no text",
  },
]

/** Functions of other engines that neither DuckDB nor Athena has, and what is here in their place. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  '<<=': "is_subnet_of('10.0.0.0/8', cast(sourceipaddress as ipaddress))",
  cidrmatch: "is_subnet_of('10.0.0.0/8', cast(sourceipaddress as ipaddress))",
  charindex: 'strpos(text, part)',
  collect_list: 'array_agg(a)',
  collect_set: 'array_agg(distinct a)',
  convert: 'cast(a as varchar)',
  dateadd: "date_add('day', -1, eventtime)",
  from_utc_timestamp: "at_timezone(eventtime, 'Europe/Berlin')",
  get_json_object: "json_extract_scalar(requestparameters, '$.bucketName')",
  getdate: 'now()',
  iff: 'if(a, b, c)',
  isnull: 'a is null, or coalesce(a, b)',
  mvcount: 'cardinality(list)',
  nvl: 'coalesce(a, b)',
  nvl2: 'if(a is not null, b, c)',
  parse_json: 'json_parse(text)',
  regexp_substr: "regexp_extract(text, 'pattern')",
  spath: "json_extract_scalar(requestparameters, '$.bucketName')",
  sysdate: 'now()',
  unix_timestamp: 'to_unixtime(eventtime)',
}

/**
 * A line that says what to write instead, after a question could not be parsed; empty when nothing is known.
 */
export function formHint(question: string): string {
  return written(FORMS.find(({ asks }) => asks.test(question)))
}

/** The same for a question whose names or types do not fit the tables. */
export function nameHint(question: string, why: string): string {
  if (why.startsWith('Parser Error')) return formHint(question)
  return written(NAMES.find(({ asks, told }) => asks.test(question) && (told?.test(why) ?? true)))
}

function written(hint: Hint | undefined): string {
  return hint === undefined ? '' : `\nwrite ${hint.write}`
}

/** `: write coalesce(a, b)`, for a function of another engine; otherwise nothing. */
export function functionHint(name: string): string {
  const instead = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
  return instead === undefined ? '' : `: write ${instead}`
}

/** The table that a name of another engine stands for; undefined for any other name. */
export function tableHint(name: string, names: Iterable<string>): string | undefined {
  const last = name.slice(name.lastIndexOf('.') + 1)
  if (/^[0-9a-z]{8,}-[0-9a-z]{4}-[0-9a-z-]+$|^event_?data_?store(?:_?id)?$|^eds(?:_id)?$/i.test(last))
    return ': write cloudtrail_lake for an event data store'
  if (/^information_schema\.|^(?:pg_|duckdb_)\w+$/.test(name))
    return ': write SHOW TABLES, or DESCRIBE and a name'
  if (/:\/\/|\.(?:parquet|json|csv|gz)$/.test(name))
    return ': files are not read by a question; `loglake ingest` brings them into the lake'
  if (/^cloudtrail_?logs?_\w/i.test(last)) return ': did you mean "athena.cloudtrail_logs"?'
  const all = [...names]
  const same = all.find((one) => one !== name && one.slice(one.lastIndexOf('.') + 1) === last)
  const found = same ?? (last.length > 3 ? all.find((one) => one.startsWith(`${last}_`)) : undefined)
  return found === undefined ? undefined : `: did you mean "${found}"?`
}
