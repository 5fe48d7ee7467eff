import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sentence } from '../../lib/errors.ts'
import { type Loaded, type LoadOptions, loadRules, readOff } from './load.ts'
import type { RuleText } from './read-rule.ts'
import type { Fault } from './yaml.ts'

/** The file that switches rules of a folder off: a map of ids to reasons. */
const OFF_FILE = 'off.yaml'
const isOffFile = (file: string) => basename(file) === OFF_FILE
const RULE_FILE = /\.ya?ml$/

/** A rule file, or a folder with rules in it and below. */
export interface RuleFolder {
  path: string
  /** The prefix of file names in errors and findings; by default the path. */
  label?: string
  /** The licence of rules that declare none. */
  licence?: string
}

/** The Sigma rules in the package: SigmaHQ's, under the Detection Rule License 1.1. */
export function packageRules(): RuleFolder[] {
  const path = fileURLToPath(new URL('../rules/sigmahq/', import.meta.url))
  return [{ path, label: 'sigmahq', licence: 'DRL-1.1' }]
}

/**
 * The texts of rule files, sorted by name; a file that is in two of the folders is read once, as of the
 * first.
 *
 * @param known real paths of files that were read before, and are not read again; grows
 */
export function readRuleFiles(
  folders: readonly RuleFolder[],
  known = new Set<string>(),
): { texts: RuleText[]; faults: Fault[] } {
  const texts: RuleText[] = []
  const faults: Fault[] = []
  const isNew = (file: string) => known.size < known.add(realpathSync(file)).size
  for (const { path, label = path, licence } of folders) {
    const called = (file: string) => (file === path ? label : join(label, relative(path, file)))
    try {
      const files = filesBelow(path)
      const off = new Map<string, string>()
      for (const file of files.filter(isOffFile)) {
        const read = readOff(readFileSync(file, 'utf8'), called(file))
        for (const [id, reason] of read.off) off.set(id, reason)
        faults.push(...read.faults)
      }
      for (const file of files.filter((one) => !isOffFile(one) && isNew(one)))
        texts.push({
          file: called(file),
          text: readFileSync(file, 'utf8'),
          off,
          ...(licence === undefined ? {} : { licence }),
        })
    } catch (thrown) {
      faults.push({ file: label, line: 1, kind: 'refused', message: `cannot be read: ${sentence(thrown)}` })
    }
  }
  return { texts, faults }
}

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => {
      const file = join(path, name)
      if (statSync(file).isDirectory()) return filesBelow(file)
      return RULE_FILE.test(name) ? [file] : []
    })
}

/**
 * Reads the rules of files and folders. Rules and filters of `beside` are there for them to refer to, and are
 * applied to them, but are not returned.
 */
export function loadRuleFiles(
  folders: readonly RuleFolder[],
  options: LoadOptions,
  beside: readonly RuleFolder[] = [],
): Loaded {
  const known = new Set<string>()
  const [read, others] = [readRuleFiles(folders, known), readRuleFiles(beside, known)]
  const { rules, faults } = loadRules([...read.texts, ...others.texts], options)
  const all = [...read.faults, ...others.faults, ...faults]
  if (beside.length === 0) return { rules, faults: all }
  const own = new Set([...read.texts, ...read.faults].map(({ file }) => file))
  return {
    rules: rules.filter(({ origin }) => own.has(origin.file)),
    faults: all.filter(({ file }) => own.has(file)),
  }
}
