import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UserError } from '../lib/errors.ts'
import { logTypes } from '../logtypes/index.ts'
import type { Rule } from './contract.ts'
import { allDescribed } from './described.ts'
import type { DetectSettings } from './settings.ts'
import type { SigmaRule } from './sigma/contract.ts'
import { type Loaded, loadRules, type RuleText, readOff } from './sigma/load.ts'
import { type SigmaTable, sigmaTables } from './sigma/tables.ts'
import type { Fault } from './sigma/yaml.ts'

/** The tables of our log types and of the user's own, as rules know them. */
export function ruleTables(own: DetectSettings['own'] = []): SigmaTable[] {
  return sigmaTables([...logTypes, ...own])
}

const PACKAGE = fileURLToPath(new URL('./rules/', import.meta.url))
/** What is looked for is code there: see `described.ts`. */
const DESCRIBED = 'detectors'
const OFF = 'off.yaml'

/** The folders with Sigma rules that travel with the package; `off.yaml` in one says which of its rules are off, and why. */
function packageFolders(): string[] {
  return readdirSync(PACKAGE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== DESCRIBED)
    .map(({ name }) => join(PACKAGE, name))
    .sort()
}

export interface LoadedRules {
  sigma: readonly SigmaRule[]
  /** Those of detectors that are code. */
  described: readonly Rule[]
  faults: readonly Fault[]
}

const loaded = new Map<string, LoadedRules>()

/** Every rule of the package and of the user's folder, read once in a process; filters that are off are added to none. */
export function rulesFor({
  rules,
  alone = false,
  off,
  own = [],
}: Pick<DetectSettings, 'rules' | 'alone' | 'off' | 'own'>): LoadedRules {
  const key = JSON.stringify([alone, rules, off, own.map(({ name, columns }) => [name, columns])])
  const known = loaded.get(key)
  if (known) return known
  const folders = [...(alone ? [] : packageFolders()), ...(rules === undefined ? [] : [rules])]
  const found = loadFolders(folders, { without: off, own })
  const all = { sigma: found.rules, described: allDescribed().map(({ rule }) => rule), faults: found.faults }
  loaded.set(key, all)
  return all
}

interface LoadFolderOptions extends Pick<DetectSettings, 'own'> {
  /** Ids and names of filters that are added to no rule. */
  without?: readonly string[]
}

/**
 * Reads the rules of folders, or of single files.
 *
 * @throws UserError when one is not there
 */
export function loadFolders(
  folders: readonly string[],
  { without = [], own = [] }: LoadFolderOptions = {},
): Loaded {
  const faults: Fault[] = []
  const texts = folders.flatMap((folder) => textsIn(folder, faults))
  const found = loadRules(texts, { tables: ruleTables(own), without })
  return { rules: found.rules, faults: [...faults, ...found.faults] }
}

function textsIn(folder: string, faults: Fault[]): RuleText[] {
  if (!existsSync(folder)) throw new UserError(`there are no rules in ${folder}: no such file or folder`)
  if (statSync(folder).isFile()) return [{ file: basename(folder), text: readFileSync(folder, 'utf8') }]
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  const offFile = join(folder, OFF)
  const off = existsSync(offFile) ? readOff(readFileSync(offFile, 'utf8'), OFF) : undefined
  if (off) faults.push(...off.faults)
  return names
    .filter((name) => /\.ya?ml$/.test(name) && name !== OFF)
    .map((name) => ({
      file: fileName(join(folder, name)),
      text: readFileSync(join(folder, name), 'utf8'),
      ...(off ? { off: off.off } : {}),
      ...(isShippedByOthers(folder) ? { licence: 'DRL-1.1' } : {}),
    }))
}

function isShippedByOthers(folder: string): boolean {
  return folder.startsWith(PACKAGE) && folder.endsWith('sigmahq')
}

/** As a person would call it: below the package's rules, else from here. */
function fileName(path: string): string {
  return path.startsWith(PACKAGE) ? path.slice(PACKAGE.length) : relative('', path)
}
