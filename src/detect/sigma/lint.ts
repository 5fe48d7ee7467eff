import type { Engine } from '../../lib/duckdb.ts'
import { sentence } from '../../lib/errors.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { identifier, sql } from '../../lib/sql.ts'
import { techniques } from '../techniques.ts'
import { compileRule } from './compile.ts'
import type {
  Condition,
  Detection,
  DetectionRule,
  FieldItem,
  KeywordItem,
  SigmaRule,
  Test,
} from './contract.ts'
import { baseRules } from './correlate.ts'
import { isKnown } from './fields.ts'
import { type RuleFolder, readRuleFiles } from './files.ts'
import { type Loaded, type LoadOptions, loadRules } from './load.ts'
import { scan } from './scan.ts'
import type { SigmaTable } from './tables.ts'
import type { Fault } from './yaml.ts'

/**
 * Rules that can run, and all that is wrong with these and others, by file and line: what is refused, and what most
 * likely is not meant so.
 *
 * @param engine tries each rule's SQL on a table without rows
 */
export async function lintRules(
  folders: readonly RuleFolder[],
  options: LoadOptions,
  engine: Engine,
): Promise<Loaded> {
  const { texts, faults } = readRuleFiles(folders)
  const loaded = loadRules(texts, options)
  const tables = new Map(options.tables.map((table) => [table.name, table]))
  const found = [...faults, ...loaded.faults]
  for (const rule of loaded.rules) {
    found.push(...adviceOn(rule))
    if (rule.kind === 'detection') {
      const table = tables.get(rule.table) as SigmaTable
      found.push(...unknownFields(rule, table), ...(await sqlFault(rule, table, engine)))
    }
  }
  found.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
  return { rules: loaded.rules, faults: found }
}

function warning(rule: SigmaRule, message: string, line = rule.origin.line): Fault {
  return { file: rule.origin.file, line, rule: rule.title, kind: 'warning', message }
}

function adviceOn(rule: SigmaRule): Fault[] {
  const advice: string[] = []
  if (rule.id.includes('#'))
    advice.push('id: it is missing: findings of this rule change their ids with its file')
  if (rule.title.length > 256) advice.push('title: it is longer than 256 characters')
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

/** Fields that no column has: they are looked for in what no column holds, where they are rarely meant. */
function unknownFields(rule: DetectionRule, table: SigmaTable): Fault[] {
  const names = table.columns.flatMap(({ name, path }) => (path === undefined ? [name] : [path, name]))
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
