import { type FollowerReport, lagSeconds, oldestSeconds, type Report, type WorkerReport } from './report.ts'

type Labels = Record<string, string>
type Sample = readonly [labels: Labels, value: number | undefined]

interface Metric<Of extends WorkerReport> {
  name: string
  type: 'counter' | 'gauge'
  help: string
  samples(report: Of, nowMs: number): Sample[]
}

const one = (value: number | undefined): Sample[] => [[{}, value]]
const each = (label: string, values: Record<string, number | undefined>): Sample[] =>
  Object.entries(values).map(([name, value]) => [{ [label]: name }, value])
const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1000)

/** Every metric of a source: each sample has the label `source`, too. The names do not change. */
export const metrics: readonly Metric<Report>[] = [
  {
    name: 'loglake_source_up',
    type: 'gauge',
    help: '1 while the source is running, 0 when it has failed or ended.',
    samples: ({ status }) => one(status === 'running' ? 1 : 0),
  },
  {
    name: 'loglake_source_stopped',
    type: 'gauge',
    help: '1 while somebody has stopped the source with `loglake stop`.',
    samples: ({ state }) => one(state?.stopped ? 1 : 0),
  },
  {
    name: 'loglake_source_restarts_total',
    type: 'counter',
    help: 'How often the source failed and was opened again.',
    samples: ({ restarts }) => one(restarts),
  },
  {
    name: 'loglake_source_failing_places',
    type: 'gauge',
    help: 'Log groups, Regions or buckets of the source that failed when they were last asked.',
    samples: ({ state }) => one(state?.failing?.length),
  },
  {
    name: 'loglake_objects_total',
    type: 'counter',
    help: 'Objects named by the source, by what became of them.',
    samples: ({ totals: { objects } }) =>
      each('outcome', {
        stored: objects.stored,
        skipped: objects.skipped,
        rejected: objects.rejected,
        already: objects.already,
        filtered: objects.filtered,
        failed: objects.failed,
        released: objects.released,
      }),
  },
  {
    name: 'loglake_object_failures_total',
    type: 'counter',
    help: 'Objects that could not be read, by why.',
    samples: ({ totals: { failures } }) => each('outcome', failures.outcomes),
  },
  {
    name: 'loglake_records_total',
    type: 'counter',
    help: 'Records read, by what became of them.',
    samples: ({ totals: { records } }) =>
      each('outcome', {
        stored: records.stored,
        repeated: records.repeated,
        skipped: records.skipped,
        rejected: records.rejected,
      }),
  },
  {
    name: 'loglake_conflicts_total',
    type: 'counter',
    help: 'Of the rejected records, those with the id and time of another record and other content.',
    samples: ({ totals: { records } }) => one(records.conflicts),
  },
  {
    name: 'loglake_delivered_bytes_total',
    type: 'counter',
    help: 'Bytes of the objects that were committed, as delivered.',
    samples: ({ totals: { bytes } }) => one(bytes.delivered),
  },
  {
    name: 'loglake_expanded_bytes_total',
    type: 'counter',
    help: 'The same once unzipped.',
    samples: ({ totals: { bytes } }) => one(bytes.expanded),
  },
  {
    name: 'loglake_dead_letters_total',
    type: 'counter',
    help: 'Messages that led to nothing and are kept in the lake.',
    samples: ({ totals: { deadLetters } }) => one(deadLetters),
  },
  {
    name: 'loglake_commits_total',
    type: 'counter',
    help: 'Commits.',
    samples: ({ totals: { commits } }) => one(commits),
  },
  {
    name: 'loglake_commits_lost_total',
    type: 'counter',
    help: 'How often another writer was first, and a commit was made again.',
    samples: ({ totals: { commitsLost } }) => one(commitsLost),
  },
  {
    name: 'loglake_last_commit_timestamp_seconds',
    type: 'gauge',
    help: 'When the source committed last, in seconds since 1970.',
    samples: ({ lastCommitMs }) => one(seconds(lastCommitMs)),
  },
  {
    name: 'loglake_lag_seconds',
    type: 'gauge',
    help: 'How far the lake is behind the newest object of the source.',
    samples: (report, nowMs) => one(lagSeconds(report, nowMs)),
  },
  {
    name: 'loglake_in_flight',
    type: 'gauge',
    help: 'Messages or objects received and not settled.',
    samples: ({ state }) => one(state?.inFlight),
  },
  {
    name: 'loglake_oldest_message_seconds',
    type: 'gauge',
    help: 'Age of the oldest message that is received and not settled.',
    samples: (report, nowMs) => one(oldestSeconds(report, nowMs)),
  },
]

/** Every metric of a follower: each sample has the label `follower`, too. */
export const followerMetrics: readonly Metric<FollowerReport>[] = [
  {
    name: 'loglake_follower_up',
    type: 'gauge',
    help: '1 while the follower is running, 0 when it has failed or ended.',
    samples: ({ status }) => one(status === 'running' ? 1 : 0),
  },
  {
    name: 'loglake_follower_let_go',
    type: 'gauge',
    help: '1 when the follower was let go: files are not kept for it any more, and a person must take it up again.',
    samples: ({ state }) => one(state === undefined ? undefined : state === 'let-go' ? 1 : 0),
  },
  {
    name: 'loglake_follower_restarts_total',
    type: 'counter',
    help: 'How often the follower failed and was opened again.',
    samples: ({ restarts }) => one(restarts),
  },
  {
    name: 'loglake_follower_rows_total',
    type: 'counter',
    help: 'Rows that the follower has read.',
    samples: ({ rows }) => one(rows),
  },
  {
    name: 'loglake_follower_written_rows_total',
    type: 'counter',
    help: 'Rows that it has added to its tables.',
    samples: ({ written }) => one(written),
  },
  {
    name: 'loglake_follower_table_rows_total',
    type: 'counter',
    help: 'The same by table: of `detect`, findings are rows of `finding`, and rules that could not run rows of `rule_failure`.',
    samples: ({ tables }) => each('table', tables),
  },
  {
    name: 'loglake_follower_commits_total',
    type: 'counter',
    help: 'Commits of the follower.',
    samples: ({ commits }) => one(commits),
  },
  {
    name: 'loglake_follower_lost_total',
    type: 'counter',
    help: 'How often its rows were dropped, since another process with the same follower was first.',
    samples: ({ lost }) => one(lost),
  },
  {
    name: 'loglake_follower_behind_rows',
    type: 'gauge',
    help: 'Rows that the follower has not read.',
    samples: ({ behind }) => one(behind?.rows),
  },
  {
    name: 'loglake_follower_behind_files',
    type: 'gauge',
    help: 'Data files with these rows, which compaction leaves as they are.',
    samples: ({ behind }) => one(behind?.files),
  },
  {
    name: 'loglake_follower_lag_seconds',
    type: 'gauge',
    help: 'How long the oldest of these rows has been in the lake.',
    samples: ({ behind }) => one(seconds(behind?.ms)),
  },
]

/** How much memory processes have, in bytes. */
export interface Memory {
  own: number
  /** Of the process of the followers, while there is one. */
  followers?: number | undefined
}

export const memoryMetrics: readonly { name: string; help: string; of: keyof Memory }[] = [
  { name: 'process_resident_memory_bytes', help: 'Memory of the process.', of: 'own' },
  {
    name: 'loglake_followers_resident_memory_bytes',
    help: 'Memory of the process that followers have of their own.',
    of: 'followers',
  },
]

/** The text format of Prometheus, version 0.0.4. */
export function metricsText(
  reports: readonly Report[],
  followers: readonly FollowerReport[] = [],
  nowMs = Date.now(),
  memory: Memory = { own: process.memoryUsage.rss() },
): string {
  const lines = [...textOf(metrics, reports, nowMs), ...textOf(followerMetrics, followers, nowMs)]
  for (const { name, help, of } of memoryMetrics)
    if (memory[of] !== undefined)
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${memory[of]}`)
  return `${lines.join('\n')}\n`
}

function textOf<Of extends WorkerReport>(
  all: readonly Metric<Of>[],
  reports: readonly Of[],
  nowMs: number,
): string[] {
  return all.flatMap(({ name, type, help, samples }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...reports.flatMap((report) =>
      samples(report, nowMs).flatMap(([labels, value]) =>
        value === undefined
          ? []
          : [`${name}${labelText({ [report.kind]: report.name, ...labels })} ${value}`],
      ),
    ),
  ])
}

function labelText(labels: Labels): string {
  const escaped = (value: string) =>
    value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')}}`
}
