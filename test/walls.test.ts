import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, it } from 'vitest'

/**
 * Which folder of src/ may import which. It stands from the bottom up: a folder imports only folders that stand above
 * its own line here. A folder that is not in the table may not exist.
 */
const WALLS: Record<string, readonly string[]> = {
  // Bytes, values, errors: they know no domain.
  json: [],
  lib: [],
  scan: ['json', 'lib'],
  scorers: ['scan', 'lib'],
  // What logs are, and who we are to AWS.
  envelopes: ['json', 'lib'],
  aws: ['lib'],
  logtypes: ['json', 'envelopes', 'lib'],
  // Where logs come from and go to.
  lake: ['json', 'lib', 'aws'],
  sources: ['aws', 'lib', 'json'],
  model: ['lib', 'aws'],
  account: ['aws', 'lib'],
  onboard: ['json', 'envelopes', 'logtypes', 'lib'],
  ledger: ['json', 'lake', 'aws', 'lib'],
  tables: ['logtypes', 'lake', 'ledger'],
  follow: ['lake', 'lib'],
  query: ['lake', 'lib'],
  ingest: ['sources', 'envelopes', 'logtypes', 'json', 'onboard', 'ledger', 'lake', 'lib'],
  // What has to go, and what has to stay.
  erase: ['ledger', 'lake', 'lib'],
  // CloudTrail's own proof of its log files.
  digests: ['query', 'ledger', 'envelopes', 'lake', 'aws', 'lib'],
  // The lake's own log.
  witness: ['ledger', 'lake', 'aws', 'lib'],
  // What follows what commits add.
  summaries: ['follow', 'query', 'lake', 'lib'],
  // Its views are views like all others.
  detect: ['query', 'follow', 'scan', 'scorers', 'logtypes', 'lake', 'lib'],
  // A route may send the rows of a view.
  deliver: ['query', 'follow', 'scan', 'ledger', 'logtypes', 'aws', 'lake', 'lib'],
  followers: ['follow', 'summaries', 'detect', 'deliver', 'tables', 'query', 'lake'],
  // The lake's tables in other engines: told of to their catalogs, and asked there.
  engines: ['query', 'lake', 'aws', 'lib'],
  review: ['query', 'digests', 'witness', 'lake', 'scan', 'lib'],
  // Its findings are rows of the table of detection.
  claims: ['query', 'lib'],
  analyze: ['query', 'claims', 'detect', 'model', 'scan', 'lake', 'lib'],
  // What runs, and what is asked.
  run: ['ingest', 'follow', 'sources', 'lake', 'lib'],
  status: ['digests', 'witness', 'lake', 'ledger', 'sources', 'follow', 'engines', 'ingest', 'query', 'lib'],
  api: [
    ...['query', 'review', 'status', 'analyze', 'detect', 'deliver', 'follow', 'scan', 'erase', 'logtypes'],
    ...['tables', 'ledger', 'lake', 'lib'],
    // Only what a report of the doctor is: it is given one, as it is given the status.
    'account',
  ],
  agent: ['api', 'claims', 'model', 'lake', 'lib'],
  server: ['api', 'agent', 'run', 'query', 'lib'],
  // Each of these only for its settings.
  config: [
    ...['account', 'aws', 'sources', 'query', 'detect', 'digests', 'witness', 'deliver', 'engines', 'model'],
    ...['agent', 'review', 'analyze', 'server', 'lib'],
  ],
  workspace: [
    ...[
      'erase',
      'config',
      'onboard',
      'logtypes',
      'tables',
      'followers',
      'follow',
      'deliver',
      'engines',
      'review',
      'api',
    ],
    // For its settings, to which it adds the user's log types.
    'detect',
    // It tells the doctor what is set up: the doctor itself opens no configuration and no lake.
    ...['account', 'aws', 'status', 'digests', 'witness', 'model', 'agent', 'analyze'],
    ...['lake', 'ledger', 'sources', 'query', 'ingest', 'run', 'lib'],
  ],
  // The command line, and the library: they put the parts together.
  cli: ['*'],
  'index.ts': ['*'],
}

/** Arrows that are still to be cut, as `from → to`: each is one that the table forbids. */
const STILL: readonly string[] = []

/** Packages, and the only folders that import more than their types. */
const PACKAGES: readonly (readonly [
  name: RegExp,
  folders: readonly string[],
  types: 'everywhere' | 'nowhere',
])[] = [
  [/^@(aws-sdk|smithy)\//, ['aws'], 'nowhere'],
  [/^@duckdb\/node-bindings/, ['lib'], 'nowhere'],
  // The values of an answer have classes of DuckDB's.
  [/^@duckdb\//, ['lib', 'query', 'lake', 'ledger', 'workspace', 'cli'], 'everywhere'],
  [/^(ai|@ai-sdk\/.*|ollama-ai-provider-v2)$/, ['model'], 'nowhere'],
  [/^(hono|@hono\/.*)$/, ['server'], 'nowhere'],
  [/^@modelcontextprotocol\//, ['server'], 'nowhere'],
  [/^commander$/, ['cli'], 'nowhere'],
]

/** Folders that are bytes and values in, bytes and values out. */
const PURE = ['json', 'scan', 'envelopes', 'logtypes']
/** The clock, chance, and the process: what a pure folder gives depends on its input alone. */
const SURROUNDINGS =
  /\b(Date\.now\(|new Date\(\)|performance\.now\(|Math\.random\(|process\.(env|cwd)\b|setTimeout\(|fetch\()/
const EFFECTS = /^node:(fs|fs\/promises|net|http|https|child_process|worker_threads|os|timers\/promises)$/

interface Import {
  file: string
  line: number
  /** A file of src/, or a package. */
  to: string
  /** Whether only types come of it. */
  isType: boolean
}

const files = filesIn('src').filter((file) => !file.endsWith('.test.ts'))
const imports = files.flatMap(importsOf)

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesIn(path) : name.endsWith('.ts') ? [path] : []
  })
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  const found = text.matchAll(
    /^(?:import|export)( type)?(?: [^'"]*? from)? '([^']+)'|\bimport\('([^']+)'\)/gm,
  )
  return [...found].map(({ 0: whole, 1: type, 2: direct, 3: late, index }) => {
    const name = direct ?? late ?? ''
    const names = /\{([^}]*)\}/
      .exec(whole)?.[1]
      ?.split(',')
      .map((one) => one.trim())
      .filter(Boolean)
    return {
      file,
      line: text.slice(0, index).split('\n').length,
      to: name.startsWith('.') ? relative('.', resolve(dirname(file), name)) : name,
      isType: type !== undefined || names?.every((one) => one.startsWith('type ')) === true,
    }
  })
}

function folderOf(file: string): string {
  return file.split('/')[1] ?? ''
}

function isForbidden({ file, to }: Import): boolean {
  const [from, into] = [folderOf(file), folderOf(to)]
  const allowed = WALLS[from] ?? []
  return to.startsWith('src/') && from !== into && !allowed.includes(into) && !allowed.includes('*')
}

function arrowOf({ file, to }: Import): string {
  return `${folderOf(file)} → ${folderOf(to)}`
}

const shown = ({ file, line, to }: Import) => `${file}:${line} imports ${to}`

it('finds the imports of every file', () => {
  expect(files.length).toBeGreaterThan(300)
  expect(imports.some(({ file, to }) => file === 'src/cli/program.ts' && to === 'src/cli/entries.ts')).toBe(
    true,
  )
})

it('names every folder', () => {
  const unknown = [...new Set(files.map(folderOf))].filter((folder) => !Object.hasOwn(WALLS, folder))
  expect(unknown).toEqual([])
})

it('is in the order of its floors: no folder imports one that stands below its own line', () => {
  const order = Object.keys(WALLS)
  const upwards = Object.entries(WALLS).flatMap(([from, allowed]) =>
    allowed
      .filter((into) => into !== '*' && order.indexOf(into) >= order.indexOf(from))
      .map((into) => `${from} → ${into}`),
  )
  expect(upwards).toEqual([])
})

it('keeps folders apart', () => {
  expect(imports.filter((one) => isForbidden(one) && !STILL.includes(arrowOf(one))).map(shown)).toEqual([])
})

it('lists no arrow as still to be cut that is cut', () => {
  const there = new Set(imports.filter(isForbidden).map(arrowOf))
  expect(STILL.filter((arrow) => !there.has(arrow))).toEqual([])
})

it('has no circle of files', () => {
  expect(circles()).toEqual([])
})

it('leaves a package to the folders that are there for it', () => {
  const wrong = imports.filter(({ file, to, isType }) => {
    const rule = PACKAGES.find(([name]) => name.test(to))
    return rule && !rule[1].includes(folderOf(file)) && !(isType && rule[2] === 'everywhere')
  })
  expect(wrong.map(shown)).toEqual([])
})

it('keeps pure folders pure', () => {
  const wrong = imports.filter(({ file, to }) => PURE.includes(folderOf(file)) && EFFECTS.test(to))
  expect(wrong.map(shown)).toEqual([])
})

it('keeps pure folders free of the clock, of chance and of the environment', () => {
  const wrong = files
    .filter((file) => PURE.includes(folderOf(file)))
    .flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, at) => (SURROUNDINGS.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
    )
  expect(wrong).toEqual([])
})

/** Files that import one another, at once or when it is wanted (Tarjan's algorithm). */
function circles(): string[][] {
  const into = new Map<string, string[]>(files.map((file) => [file, []]))
  for (const { file, to } of imports) if (into.has(to)) into.get(file)?.push(to)
  const index = new Map<string, number>()
  const open: string[] = []
  const found: string[][] = []
  const visit = (file: string): number => {
    index.set(file, index.size)
    let lowest = index.size - 1
    open.push(file)
    for (const next of into.get(file) ?? []) {
      if (!index.has(next)) lowest = Math.min(lowest, visit(next))
      else if (open.includes(next)) lowest = Math.min(lowest, index.get(next) as number)
    }
    if (lowest === index.get(file)) {
      const circle = open.splice(open.indexOf(file))
      if (circle.length > 1) found.push(circle)
    }
    return lowest
  }
  for (const file of files) if (!index.has(file)) visit(file)
  return found
}
