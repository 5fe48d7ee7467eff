import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UserError } from '../lib/errors.ts'
import { logTypes } from '../logtypes/index.ts'
import type { Rule } from './contract.ts'
import { allDescribed } from './described.ts'
import type { DetectSettings } from './settings.ts'
import type { SigmaRule } from './sigma/contract.ts'
import { loadRuleFiles, type RuleFolder } from './sigma/files.ts'
import type { Loaded, LoadOptions } from './sigma/load.ts'
import { type SigmaTable, sigmaTables } from './sigma/tables.ts'
import type { Fault } from './sigma/yaml.ts'

/** The tables of our log types and of the user's own, as rules refer to them. */
export function ruleTables(own: DetectSettings['own'] = []): SigmaTable[] {
  return sigmaTables([...logTypes, ...own])
}

const PACKAGE = fileURLToPath(new URL('./rules/', import.meta.url))
/** Rules for detectors that are code: see `described.ts`. */
const DESCRIBED = 'detectors'

/** The folders with Sigma rules in the package; `off.yaml` in one names the rules that are off, and why. */
function packageFolders(): RuleFolder[] {
  return readdirSync(PACKAGE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== DESCRIBED)
    .map(({ name }) => name)
    .sort()
    .map((name) => ({
      path: join(PACKAGE, name),
      label: name,
      ...(name === 'sigmahq' ? { licence: 'DRL-1.1' } : {}),
    }))
}

/** The folders whose rules run. */
export function ruleFolders({ rules }: Pick<DetectSettings, 'rules'>): RuleFolder[] {
  return [...packageFolders(), ...(rules === undefined ? [] : [userFolder(rules)])]
}

/** @throws UserError when it does not exist */
export function userFolder(path: string): RuleFolder {
  if (!existsSync(path)) throw new UserError(`there are no rules in ${path}: no such file or folder`)
  return { path, label: relative('', path) }
}

/** How rules are read: what they may refer to, and what the configuration says of them. */
export function ruleOptions({
  own,
  off,
  placeholders = {},
}: Pick<DetectSettings, 'own' | 'off' | 'placeholders'>): LoadOptions {
  return {
    tables: ruleTables(own),
    without: off,
    placeholders: new Map(Object.entries(placeholders)),
  }
}

export interface LoadedRules {
  sigma: readonly SigmaRule[]
  /** Rules of detectors that are code. */
  described: readonly Rule[]
  faults: readonly Fault[]
}

const loaded = new Map<string, LoadedRules>()

type RuleSettings = Pick<DetectSettings, 'rules' | 'files' | 'off' | 'own' | 'placeholders'>

/**
 * Every rule of the package and of the user's folder, read once in a process; a filter that is off is added
 * to no rule.
 */
export function rulesFor(settings: RuleSettings): LoadedRules {
  const { rules, files = [], off, own = [], placeholders } = settings
  const key = JSON.stringify([
    files,
    rules,
    off,
    placeholders,
    own.map(({ name, columns }) => [name, columns]),
  ])
  const known = loaded.get(key)
  if (known) return known
  const folders = [...files.map(userFolder), ...ruleFolders(settings)]
  const found = loadRuleFiles(folders, ruleOptions(settings))
  const all = { sigma: found.rules, described: allDescribed().map(({ rule }) => rule), faults: found.faults }
  loaded.set(key, all)
  return all
}

/** The rules that are written but do not run, with the reason. */
export function refusedRules(settings: RuleSettings): readonly Fault[] {
  return rulesFor(settings).faults.filter(({ kind }) => kind === 'refused')
}

/**
 * The rules of these files or folders, which may refer to all rules that run.
 *
 * @throws UserError when one of the files does not exist
 */
export function loadFolders(paths: readonly string[], settings: RuleSettings): Loaded {
  return loadRuleFiles(paths.map(userFolder), ruleOptions(settings), ruleFolders(settings))
}
