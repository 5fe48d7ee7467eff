import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sentence } from '../../lib/errors.ts'
import { type Loaded, type LoadOptions, loadRules, type RuleText, readOff } from './load.ts'
import type { Fault } from './yaml.ts'

/** Which rules of a folder are switched off, and why: a map of ids and reasons. */
const OFF_FILE = 'off.yaml'
const RULE_FILE = /\.ya?ml$/

/** A file or a folder with rules, all below it too. */
export interface RuleFolder {
  path: string
  /** What stands before a file's name in errors and findings; by default the path. */
  label?: string
  /** The licence of rules that name none. */
  licence?: string
}

/** The rules that travel in the package: SigmaHQ's, under the Detection Rule License 1.1. */
export function packageRules(): RuleFolder[] {
  const path = fileURLToPath(new URL('../rules/sigmahq/', import.meta.url))
  return [{ path, label: 'sigmahq', licence: 'DRL-1.1' }]
}

/** The texts of rule files, in the order of their names; what cannot be read is a fault. */
export function readRuleFiles(folders: readonly RuleFolder[]): { texts: RuleText[]; faults: Fault[] } {
  const texts: RuleText[] = []
  const faults: Fault[] = []
  for (const { path, label = path, licence } of folders) {
    const called = (file: string) => (file === path ? label : join(label, relative(path, file)))
    try {
      const files = filesBelow(path)
      const off = new Map<string, string>()
      for (const file of files.filter((one) => one.endsWith(OFF_FILE))) {
        const read = readOff(readFileSync(file, 'utf8'), called(file))
        for (const [id, reason] of read.off) off.set(id, reason)
        faults.push(...read.faults)
      }
      for (const file of files.filter((one) => !one.endsWith(OFF_FILE)))
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

/** Reads the rules of files and folders. */
export function loadRuleFiles(folders: readonly RuleFolder[], options: LoadOptions): Loaded {
  const { texts, faults } = readRuleFiles(folders)
  const loaded = loadRules(texts, options)
  return { rules: loaded.rules, faults: [...faults, ...loaded.faults] }
}
