import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../../config/config.ts'
import type { Rule } from '../../detect/contract.ts'
import { allRules } from '../../detect/index.ts'
import { ruleCalled } from '../../detect/named.ts'
import { loadFolders, refusedRules, ruleFolders, ruleOptions, userFolder } from '../../detect/rules.ts'
import type { DetectSettings } from '../../detect/settings.ts'
import type { Loaded } from '../../detect/sigma/load.ts'
import type { Fault } from '../../detect/sigma/yaml.ts'
import { UserError } from '../../lib/errors.ts'
import { visible } from '../../lib/terminal.ts'
import { detectSettings } from '../../workspace/logtypes.ts'
import type { CommonOptions } from '../../workspace/open.ts'
import { counted } from '../show/layout.ts'
import { EXIT, paint, print } from '../show/output.ts'

/** Commands over files of rules: these read the configuration, and open no lake. */
export async function addRules(files: string[], options: CommonOptions): Promise<void> {
  const settings = detectSettings(readConfig(options.config))
  const { rules: folder } = settings
  if (folder === undefined)
    throw new UserError('there is no folder for your rules: name one in loglake.yaml (detect.rules)')
  const { rules, faults } = await linted(files, settings)
  const all = [...faults, ...(await testFaults(files))]
  if (all.some(({ kind }) => kind === 'refused')) return await reportFaults(all)
  const known = new Map(allRules(settings).map(({ rule }) => [rule.id, rule]))
  for (const { id, origin } of rules) {
    const other = known.get(id)
    if (other)
      throw new UserError(
        `${visible(origin.file)}:${origin.line}: the id ${visible(id)} is that of ${visible(other.origin.file)}:${other.origin.line}, and only one of them would run: give it another`,
      )
  }
  const targets = files.map((file) => join(folder, basename(file)))
  const taken = targets.find((target, at) => existsSync(target) || targets.indexOf(target) < at)
  if (taken !== undefined)
    throw new UserError(`${taken} is there already: remove it first, or change it there`)
  mkdirSync(folder, { recursive: true })
  for (const [at, file] of files.entries()) copyFileSync(file, targets[at] as string)
  await reportFaults(all)
  await print(
    `${counted(rules.length, 'rule')} added. \`loglake rules backtest\` tells what they would have found.\n`,
  )
}

const OURS = fileURLToPath(new URL('../../detect/rules/', import.meta.url))

export async function testRules(names: string[], options: CommonOptions): Promise<void> {
  const { runTests, testsIn } = await import('./check.ts')
  const settings = detectSettings(readConfig(options.config))
  const given = names.filter((name) => existsSync(name) && statSync(name).isFile())
  const refused = [
    ...loadFolders(given, settings).faults.filter(({ kind }) => kind === 'refused'),
    ...(names.length === 0 ? refusedRules(settings) : []),
  ]
  if (refused.length > 0) return await reportFaults(refused)
  const files = new Set<string>()
  let ids: Set<string> | undefined
  const own: string[] = []
  for (const name of names) {
    if (given.includes(name)) own.push(name)
    else {
      const rule = ruleCalled(name, settings)
      ids ??= new Set()
      ids.add(rule.id)
      files.add(pathOf(rule, settings.rules))
    }
  }
  if (names.length === 0) for (const { rule } of allRules(settings)) files.add(pathOf(rule, settings.rules))
  const outcomes = []
  const tests = [...files]
    .filter(existsSync)
    .flatMap(testsIn)
    .filter(({ rule }) => ids?.has(rule) ?? true)
  if (tests.length > 0) outcomes.push(...(await runTests(tests, settings)))
  for (const file of own) outcomes.push(...(await runTests(testsIn(file), { ...settings, files: [file] })))
  const { red } = paint(process.stdout)
  for (const { test, found, passed } of outcomes) {
    if (passed) continue
    await print(
      `${red('failed')} ${visible(test.title)}, test ${test.number}: it ${found ? 'found something' : 'found nothing'}\n`,
    )
  }
  const failed = outcomes.filter(({ passed }) => !passed).length
  await print(`${counted(outcomes.length, 'test')}, ${failed} failed\n`)
  if (failed > 0 || outcomes.length === 0) process.exitCode = EXIT.failure
}

function pathOf({ origin }: Rule, folder: string | undefined): string {
  const candidates = [join(OURS, origin.file), join(OURS, 'detectors', origin.file), origin.file]
  return (
    candidates.find(existsSync) ?? (folder === undefined ? origin.file : join(folder, basename(origin.file)))
  )
}

export async function lintFiles(files: string[], options: CommonOptions): Promise<void> {
  const { rules, faults } = await linted(files, detectSettings(readConfig(options.config)))
  await reportFaults([...faults, ...(await testFaults(files))])
  const refused = new Set(faults.flatMap(({ kind, rule }) => (kind === 'refused' && rule ? [rule] : [])))
  await print(`${counted(rules.filter(({ title }) => !refused.has(title)).length, 'rule')} can run\n`)
}

/** The rules of files, and what is wrong with them: what cannot run, and what is probably a mistake. */
export async function linted(files: readonly string[], settings: DetectSettings): Promise<Loaded> {
  const [{ lintRules }, { openEngine }] = await Promise.all([
    import('../../detect/sigma/lint.ts'),
    import('../../lib/duckdb.ts'),
  ])
  const folders = files.map(userFolder)
  const engine = await openEngine()
  return await lintRules(folders, ruleOptions(settings), engine, ruleFolders(settings)).finally(() =>
    engine.close(),
  )
}

/** What is wrong with the tests that files carry. */
async function testFaults(files: readonly string[]): Promise<Fault[]> {
  const { testsIn } = await import('./check.ts')
  return files.flatMap((file): Fault[] => {
    if (!existsSync(file) || !statSync(file).isFile()) return []
    try {
      const kind = 'warning'
      return testsIn(file).length === 0 ? [{ file, line: 1, kind, message: 'tests: it has none' }] : []
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown
      return [{ file, line: 1, kind: 'refused', message: thrown.message }]
    }
  })
}

async function reportFaults(faults: readonly Fault[]): Promise<void> {
  const { red, yellow } = paint(process.stdout)
  for (const { file, line, kind, message } of faults)
    await print(
      `${visible(file)}:${line}: ${kind === 'refused' ? red(kind) : yellow(kind)}: ${visible(message)}\n`,
    )
  if (faults.some(({ kind }) => kind === 'refused')) process.exitCode = EXIT.failure
}
