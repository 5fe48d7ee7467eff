import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LEVELS, type Level, type Rule, type Status } from './contract.ts'
import { documentsIn } from './sigma/ready.ts'
import { plain } from './sigma/yaml.ts'

/**
 * Rules of detectors that are code: the code finds the matches, and a YAML file next to the Sigma rules has
 * the metadata in Sigma's keys (title, level, tags, false positives, runbook), with `detector` and `tables`
 * in place of `logsource` and `detection`.
 */
interface Described {
  title: string
  name: string
  id: string
  detector: string
  tables: string[]
  /** Raise it when the detector's code changes what it finds. */
  version: number
  description: string
  level: Level
  status?: Status
  author?: string
  license?: string
  references?: string[]
  falsepositives?: string[]
  tags?: string[]
  runbook?: string
}

const FOLDER = new URL('./rules/detectors/', import.meta.url).pathname

/** The rules of one detector, by their names. */
export function describedRules(detector: string): ReadonlyMap<string, Rule> {
  return new Map(
    allDescribed()
      .filter((one) => one.detector === detector)
      .map((one) => [one.name, one.rule]),
  )
}

let all: readonly { detector: string; name: string; rule: Rule }[] | undefined

export function allDescribed(): readonly { detector: string; name: string; rule: Rule }[] {
  all ??= readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(FOLDER, file), 'utf8')
      const [document] = documentsIn(text, file).documents
      if (!document) throw new Error(`${file}: no map of keys and values`)
      const described = plain(document) as Described
      return { detector: described.detector, name: described.name, rule: ruleOf(described, file) }
    })
  return all
}

function ruleOf(described: Described, file: string): Rule {
  const { title, name, id, description, level, tables, tags = [] } = described
  if (!LEVELS.includes(level)) throw new Error(`${file}: level is ${level}`)
  return {
    id,
    name,
    version: createHash('sha256').update(`${id} ${described.version}`).digest('hex').slice(0, 16),
    title,
    description,
    level,
    status: described.status ?? 'experimental',
    logsources: tables.map((service) => ({ product: 'aws', service })),
    tables,
    ...(described.author === undefined ? {} : { author: described.author }),
    ...(described.license === undefined ? {} : { licence: described.license }),
    references: described.references ?? [],
    falsepositives: described.falsepositives ?? [],
    tags,
    attack: idsOf(tags, 'attack.t').map((one) => `T${one.toUpperCase()}`),
    atlas: idsOf(tags, 'atlas.aml.t').map((one) => `AML.T${one}`),
    owasp: idsOf(tags, 'owasp.').map((one) => one.toUpperCase()),
    ...(described.runbook === undefined ? {} : { runbook: described.runbook }),
    fields: [],
    reports: true,
    origin: { file, line: 1 },
  }
}

function idsOf(tags: readonly string[], prefix: string): string[] {
  return tags.flatMap((tag) => (tag.startsWith(prefix) ? [tag.slice(prefix.length)] : []))
}
