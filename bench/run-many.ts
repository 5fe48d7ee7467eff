/**
 * A child: makes a lake of so many data files and commits as metadata alone (no row is read), then measures what it takes a process
 * that comes then to open it, to commit one more file, and to find the files of one day, in processor time and in bytes.
 */
import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lakeTables, localStorage, openLake } from 'loglake'
import { type DataFile, type Lake, plannedMetadata, toStored } from 'loglake/lake'
import { median, report } from './measure.ts'

const [place = '', files = '1000', commits = '1000', days = '1000'] = process.argv.slice(2)
const NAME = 'cloudtrail'
rmSync(place, { recursive: true, force: true })

async function fileOf(lake: Lake, index: number, all: number): Promise<DataFile> {
  const table = lake.tables.get(NAME)
  if (!table) throw new Error(`no table ${NAME}`)
  const metadata = await planned(lake)
  const day = new Date(Date.UTC(2020, 0, 1) + Math.floor((index / all) * Number(days)) * 86_400_000)
    .toISOString()
    .slice(0, 10)
  const field = metadata.schemas[0]?.fields.find(({ name }) => name === 'eventtime')
  const bound = Buffer.alloc(8)
  bound.writeBigInt64LE(BigInt(Date.parse(`${day}T00:00:00Z`)) * 1000n + BigInt(index % 1000))
  const bounds = new Map<number, Uint8Array>(field ? [[field.id, bound]] : [])
  return {
    path: `${metadata.location}/data/lake_day=${day}/${randomUUID()}.parquet`,
    format: 'PARQUET',
    partition: { lake_day: Number(toStored('date', day)) },
    records: 1,
    bytes: 1000,
    lower: bounds,
    upper: bounds,
  }
}

let first: ReturnType<typeof plannedMetadata> | undefined
async function planned(lake: Lake) {
  const table = lake.tables.get(NAME)
  if (!table) throw new Error(`no table ${NAME}`)
  first ??= plannedMetadata(lake.storage, table, await (await lake.newest()).table(NAME))
  return first
}

/** Nothing is made durable: the lake is thrown away. */
function quick(root: string) {
  const storage = localStorage(root)
  const path = (key: string) => {
    const file = join(root, ...key.split('/'))
    mkdirSync(join(file, '..'), { recursive: true })
    return file
  }
  return {
    ...storage,
    write: async (key: string, bytes: Uint8Array) => writeFileSync(path(key), bytes),
    async create(key: string, bytes: Uint8Array) {
      if ((await storage.size(key)) !== undefined) return false
      writeFileSync(path(key), bytes)
      return true
    },
  }
}

const all = Number(files)
const steps = Number(commits)
const filling = openLake(quick(place), lakeTables)
// Most files come in some large commits; the rest one by one.
const bulk = Math.max(0, all - steps)
const PIECE = 20_000
for (let from = 0; from < bulk; from += PIECE) {
  const add: DataFile[] = []
  for (let at = from; at < Math.min(bulk, from + PIECE); at++) add.push(await fileOf(filling, at, all))
  await filling.commit('bench', async () => ({ tables: { [NAME]: { add } } }))
}
for (let at = 0; at < steps; at++) {
  const add = at < all ? [await fileOf(filling, bulk + at, all)] : []
  await filling.commit('bench', async () => ({ tables: { [NAME]: { add } } }))
}

/** What a process takes that has read nothing yet. */
async function once(work: (lake: Lake) => Promise<unknown>) {
  let [reads, bytes] = [0, 0]
  const storage = localStorage(place)
  const lake = openLake(
    {
      ...storage,
      async read(key) {
        const found = await storage.read(key)
        reads++
        bytes += found.length
        return found
      },
    },
    lakeTables,
  )
  const since = process.cpuUsage()
  await work(lake)
  const { user, system } = process.cpuUsage(since)
  return { ms: (user + system) / 1000, reads, bytes }
}

async function times(work: (lake: Lake) => Promise<unknown>) {
  const taken: Awaited<ReturnType<typeof once>>[] = []
  for (let turn = 0; turn < 25; turn++) taken.push(await once(work))
  const of = (pick: (one: (typeof taken)[number]) => number) => median(taken.map(pick))
  return { ms: of(({ ms }) => ms), reads: of(({ reads }) => reads), bytes: of(({ bytes }) => bytes) }
}

const started = performance.now()
const day = (await fileOf(filling, 0, all)).partition.lake_day
const open = await times(async (lake) => await (await lake.newest()).table(NAME))
const answer = await times(async (lake) => {
  const table = await (await lake.newest()).table(NAME)
  const found = await table?.files([
    { column: 'lake_day', op: '=', value: new Date(Number(day) * 86_400_000).toISOString().slice(0, 10) },
  ])
  if (!found?.length) throw new Error('the day has no files')
})
const commit = await times(async (lake) => {
  const add = [await fileOf(lake, all - 1, all)]
  await lake.commit('bench', async () => ({ tables: { [NAME]: { add } } }))
})
report({ open, answer, commit }, (performance.now() - started) / 1000)
