import type { Engine } from '../../lib/duckdb.ts'
import { sentence } from '../../lib/errors.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { identifier, sql } from '../../lib/sql.ts'
import { techniques } from '../techniques.ts'
import { compileRule } from './compile.ts'
import type {
  Condition,
  CorrelationRule,
  Detection,
  DetectionRule,
  FieldItem,
  KeywordItem,
  SigmaRule,
  Test,
} from './contract.ts'
import { baseRules, calledOf, silentUnder } from './correlate.ts'
import { isKnown } from './fields.ts'
import { loadRuleFiles, type RuleFolder, readRuleFiles } from './files.ts'
import type { Loaded, LoadOptions } from './load.ts'
import { documentsIn } from './ready.ts'
import { scan } from './scan.ts'
import { schemaFaults } from './schema.ts'
import type { SigmaTable } from './tables.ts'
import { aliased } from './windows.ts'
import { entryOf, type Fault, type WrittenMap } from './yaml.ts'

/**
 * Rules that can run, and all faults of these and others, by file and line: errors, and what is probably a
 * mistake.
 *
 * @param engine runs each rule's SQL on an empty table
 * @param beside rules that these may refer to
 */
export async function lintRules(
  folders: readonly RuleFolder[],
  options: LoadOptions,
  engine: Engine,
  beside: readonly RuleFolder[] = [],
): Promise<Loaded> {
  const loaded = loadRuleFiles(folders, options, beside)
  const tables = new Map(options.tables.map((table) => [table.name, table]))
  const found = [...loaded.faults, ...documentFaults(folders)]
  for (const rule of loaded.rules) {
    found.push(...adviceOn(rule))
    if (rule.kind === 'correlation') found.push(...correlatedFields(rule, tables))
    if (rule.kind === 'detection') {
      const table = tables.get(rule.table) as SigmaTable
      found.push(...unknownFields(rule, table), ...(await sqlFault(rule, table, engine)))
    }
  }
  found.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
  return { rules: loaded.rules, faults: found }
}

/** What may be invalid for other tools, of documents that cannot run, too. */
function documentFaults(folders: readonly RuleFolder[]): Fault[] {
  return readRuleFiles(folders).texts.flatMap(({ file, text }) => {
    const { documents } = documentsIn(text, file)
    const names = new Map<string, number>()
    return documents.flatMap((document) => [
      ...schemaFaults(document, file, scalarAt(document, 'title')),
      ...sameName(document, file, names),
    ])
  })
}

/** A second rule of a file with the same name, which no correlation can refer to. */
function sameName(document: WrittenMap, file: string, names: Map<string, number>): Fault[] {
  const name = scalarAt(document, 'name')
  const { line = document.line } = entryOf(document, 'name') ?? {}
  if (name === undefined) return []
  const first = names.get(name)
  names.set(name, first ?? line)
  if (first === undefined) return []
  const rule = scalarAt(document, 'title')
  const message = `name: "${name}" is that of a rule in line ${first}, too`
  return [{ file, line, ...(rule === undefined ? {} : { rule }), kind: 'warning', message }]
}

function scalarAt(document: WrittenMap, key: string): string | undefined {
  const value = entryOf(document, key)?.value
  return value?.kind === 'scalar' && value.value !== null ? String(value.value) : undefined
}

function warning(rule: SigmaRule, message: string, line = rule.origin.line): Fault {
  return { file: rule.origin.file, line, rule: rule.title, kind: 'warning', message }
}

function adviceOn(rule: SigmaRule): Fault[] {
  const advice: string[] = []
  if (rule.id.includes('#'))
    advice.push('id: it is missing: findings of this rule change their ids with its file')
  if (rule.reports && rule.description === undefined) advice.push('description: it is missing')
  if (rule.reports && rule.falsepositives.length === 0)
    advice.push('falsepositives: it is missing: say when a match means nothing')
  for (const tag of rule.tags) {
    const known = [...rule.attack, ...rule.atlas, ...rule.owasp].some((id) => tag.toUpperCase().endsWith(id))
    if (/^(attack\.t\d|atlas\.|owasp\.)/i.test(tag) && !known)
      advice.push(`tags: \`${tag}\` is no id of its list`)
  }
  for (const framework of ['attack', 'atlas', 'owasp'] as const)
    for (const id of rule[framework])
      if (!techniques(framework).has(id)) advice.push(`tags: ${id} is not in the list of ${framework}`)
  if (rule.kind === 'detection' && !hasPositive(rule))
    advice.push('condition: it only excludes, and matches all other rows')
  if (rule.kind === 'correlation' && rule.correlation.groupBy.length === 0)
    advice.push('correlation.group-by: it is missing: events of all callers are counted together')
  if (baseRules(rule).some(({ off }) => off !== undefined) && rule.kind === 'correlation')
    advice.push('correlation.rules: one of them is off by itself, and serves this correlation all the same')
  const silent = silentUnder(rule)
  if (rule.off !== undefined && silent.length > 0)
    advice.push(
      `correlation: it is off, and its rules report nothing by themselves (${silent.map(calledOf).join(', ')}): with \`generate: true\` they would`,
    )
  return advice.map((message) => warning(rule, message))
}

function hasPositive({ condition }: DetectionRule): boolean {
  const positive = (one: Condition, sign: boolean): boolean => {
    if (one.kind === 'name') return sign
    if (one.kind === 'not') return positive(one.of, !sign)
    return one.of.some((inner) => positive(inner, sign))
  }
  return positive(condition, true)
}

/** Fields of a correlation that its rules' tables do not have, and aliases that it does not use. */
function correlatedFields(rule: CorrelationRule, tables: ReadonlyMap<string, SigmaTable>): Fault[] {
  const { of, groupBy, fields, aliases } = rule.correlation
  const read = [...new Set([...groupBy, ...fields])]
  const faults = [...aliases.keys()]
    .filter((alias) => !read.includes(alias))
    .map((alias) => warning(rule, `correlation.aliases: ${alias} is in neither \`group-by\` nor \`field\``))
  const known = new Set<string>()
  for (const [slot, base] of of.entries()) {
    const table = base.kind === 'detection' ? tables.get(base.table) : undefined
    if (!table) continue
    for (const field of aliased(rule.correlation, slot, read)) {
      const key = `${table.name} ${field}`
      if (known.has(key) || isKnown(table, field)) continue
      known.add(key)
      const near = didYouMean(field, namesOf(table))
      faults.push(
        warning(
          rule,
          `correlation: ${field}: ${table.name} has no such field, it is looked for in unmapped${near}`,
        ),
      )
    }
  }
  return faults
}

function namesOf({ columns }: SigmaTable): string[] {
  return columns.flatMap(({ name, path }) => (path === undefined ? [name] : [path, name]))
}

/** Fields without a column: they are read from `unmapped`, which is rarely intended. */
function unknownFields(rule: DetectionRule, table: SigmaTable): Fault[] {
  const names = namesOf(table)
  const faults: Fault[] = []
  const check = (field: string, line: number) => {
    if (isKnown(table, field)) return
    const near = didYouMean(field, names)
    faults.push(
      warning(rule, `${field}: ${table.name} has no such field, it is looked for in unmapped${near}`, line),
    )
  }
  const visit = (item: Detection | FieldItem | KeywordItem): void => {
    if (item.kind === 'all' || item.kind === 'any') for (const one of (item as Detection).items) visit(one)
    else if (item.kind === 'field') {
      check(item.field, item.origin.line)
      for (const test of item.tests) for (const field of referred(test)) check(field, item.origin.line)
    }
  }
  for (const detection of rule.detections.values()) visit(detection)
  return faults
}

function referred(test: Test): string[] {
  if (test.kind === 'any') return test.tests.flatMap(referred)
  return test.kind === 'fieldref' ? [test.field] : []
}

const SQL_TYPE: Readonly<Record<string, string>> = {
  ...{
    boolean: 'boolean',
    long: 'bigint',
    double: 'double',
    timestamptz: 'timestamptz',
    date: 'date',
    binary: 'blob',
  },
}

async function sqlFault(rule: DetectionRule, table: SigmaTable, engine: Engine): Promise<Fault[]> {
  const columns = table.columns.map(
    ({ name, type }) => `null::${SQL_TYPE[type] ?? 'varchar'} as ${identifier(name)}`,
  )
  const rows = `(select ${columns.join(', ')} where false)`
  try {
    await engine.run(sql(new URL('./sql/macros.sql', import.meta.url)))
    await scan({ engine, table, rules: [compileRule(rule, table)], rows, into: 'sigma_lint' })
    return []
  } catch (thrown) {
    const { file, line } = rule.origin
    return [
      {
        file,
        line,
        rule: rule.title,
        kind: 'refused',
        message: `DuckDB: ${sentence(thrown).split('\n')[0]}`,
      },
    ]
  }
}
