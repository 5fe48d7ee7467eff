import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join, relative } from 'node:path'
import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import type { JsonObject } from '../../json/values.ts'
import { sentence, UserError } from '../../lib/errors.ts'
import { visible } from '../../lib/terminal.ts'
import type { Definition } from '../../onboard/definition.ts'
import { draft } from '../../onboard/draft.ts'
import { logTypeOf } from '../../onboard/logtype.ts'
import { readLogType, YAML_FILE } from '../../onboard/read.ts'
import { definitionJsonSchema } from '../../onboard/schema.ts'
import { checkSelects } from '../../workspace/check.ts'
import { definitionsOf, typesWith } from '../../workspace/logtypes.ts'
import { differences } from '../logtypes/difference.ts'
import { type Tried, tryFixtures, type WrittenRow } from '../logtypes/fixtures.ts'
import { examples, type FormatName, formatOption } from '../options.ts'
import { printAnswer, stream } from '../show/answer.ts'
import { align, counted } from '../show/layout.ts'
import { note, paint, print } from '../show/output.ts'

export function define(command: Command): void {
  command.helpCommand(false).enablePositionalOptions()
  configured(command).addOption(formatOption()).action(list)
  const test = command
    .command('test')
    .description('check log types of your own, and hold their fixtures against the rows they must become')
    .argument('<dir...>', 'the folder of a log type')
    .option('--write', 'write down the rows of fixtures that have none yet; then look at them')
    .option('--debug', 'show where in the program an error arose')
    .action(testAll)
  examples(test, ['loglake logtypes test logtypes/shop_audit'], ['loglake logtypes test logtypes/* --write'])
  const start = command
    .command('new')
    .description('draft a log type of your own from a sample of its log')
    .argument('<dir>', 'the folder to make, named like the table')
    .requiredOption('--from <file>', 'an object as it is delivered')
    .option('--debug', 'show where in the program an error arose')
    .action(draftNew)
  examples(start, ['loglake logtypes new logtypes/shop_audit --from audit.json.gz'])
  command
    .command('schema')
    .description('print the JSON Schema of logtype.yaml')
    .action(() => print(`${JSON.stringify(definitionJsonSchema(), null, 2)}\n`))
  examples(
    command,
    ['loglake logtypes', 'ours, and those in the folder that `logtypes` of loglake.yaml names'],
    ['loglake logtypes new logtypes/shop_audit --from audit.json.gz', 'a draft from a sample'],
    ['loglake logtypes test logtypes/shop_audit --write', 'its rows, to be looked at'],
  )
}

function configured(command: Command): Command {
  return command
    .option('--config <file>', 'configuration (default: ./loglake.yaml, if there is one)')
    .option('--debug', 'show where in the program an error arose')
}

async function list(options: { config?: string; format?: FormatName }): Promise<void> {
  const config = readConfig(options.config)
  const definitions = definitionsOf(config)
  const files = new Map(definitions.map(({ name, file }) => [name, file]))
  const rows = typesWith(definitions).map(({ name, doc, columns }) => [
    name,
    files.get(name) ?? 'loglake',
    columns.length,
    doc,
  ])
  const format = options.format ?? config.values.query.format
  if (format !== 'table')
    return await printAnswer(format, ['logtype', 'from', 'columns', 'doc'], stream(rows))
  const { bold } = paint(process.stdout)
  const lines = align([
    [bold('log type'), bold('from'), { right: bold('columns') }, ''],
    ...rows.map(([name, from, count, doc]) => [
      String(name),
      visible(String(from)),
      { right: String(count) },
      visible(String(doc)),
    ]),
  ])
  await print(`${lines.join('\n')}\n`)
}

async function testAll(folders: string[], options: { write?: boolean }): Promise<void> {
  const failed: string[] = []
  for (const folder of folders) {
    try {
      await testOne(readLogType(folder), options.write === true)
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown
      failed.push(thrown.message)
    }
  }
  if (failed.length > 0) throw new UserError(failed.join('\n'))
}

async function testOne(definition: Definition, write: boolean): Promise<void> {
  const type = logTypeOf(definition, '')
  await checkSelects([type])
  const tried = await tryFixtures(definition)
  const told = tried.map((one) => ({ ...one, ...judge(definition, one, write) }))
  const { bold, dim } = paint(process.stdout)
  const head = `${bold(definition.name)}  ${counted(type.columns.length, 'column')}${definition.select ? ', flatten.sql' : ''}`
  const lines = align(told.map(({ case: name, verdict }) => [`  ${visible(name)}`, verdict]))
  await print(`${[head, ...lines, ...hints(definition, tried).map((hint) => dim(`  ${hint}`))].join('\n')}\n`)
  const faults = told.flatMap(({ faults: own }) => own)
  if (faults.length > 0) throw new UserError(faults.join('\n'))
}

/** Whether a fixture produced the rows expected next to it. */
function judge(definition: Definition, tried: Tried, write: boolean): { verdict: string; faults: string[] } {
  const { case: name, rows, rejects, elsewhere, skipped, repeated, conflicting } = tried
  const faults: string[] = []
  const place = join(dirname(definition.file), 'fixtures')
  const { id, time } = definition
  let wrote = false
  let missing = false
  const hold = (found: readonly WrittenRow[], kind: 'rows' | 'rejects', key: readonly string[]) => {
    const file = join(place, `${name}.${kind}.json`)
    if (existsSync(file)) faults.push(...differences(file, readFileSync(file, 'utf8'), found, key))
    else if (found.length === 0) return
    else if (write) {
      writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`)
      wrote = true
    } else {
      missing = true
      faults.push(`${file} is missing: \`--write\` writes what came out; then look at it`)
    }
  }
  hold(rows, 'rows', [id, time])
  hold(rejects, 'rejects', ['position', 'code'])
  if (elsewhere.length > 0)
    faults.push(
      `${join(place, name)}: records of it went to ${elsewhere.join(', ')}, which is asked before ${definition.name} or is all that knows them`,
    )
  if (rows.length + rejects.length === 0 && elsewhere.length === 0)
    faults.push(
      `${join(place, name)}: nothing came out of it${skipped.length > 0 ? `: ${skipped.join('; ')}` : ''}`,
    )
  const counts = [
    counted(rows.length, 'row'),
    ...(rejects.length > 0 ? [counted(rejects.length, 'reject')] : []),
    ...(repeated > 0 ? [`${counted(repeated, 'record')} repeated`] : []),
    ...(conflicting > 0 ? [`${counted(conflicting, 'record')} in conflict`] : []),
  ]
  const verdict = missing
    ? 'not written down yet'
    : faults.length > 0
      ? 'not as expected'
      : wrote
        ? 'written: look at it'
        : 'as expected'
  return { verdict: `${counts.join(', ')}, ${verdict}`, faults }
}

/** Warnings about likely omissions. */
function hints(definition: Definition, tried: readonly Tried[]): string[] {
  const rows = tried.flatMap((one) => one.rows)
  if (rows.length === 0) return []
  const never = definition.columns
    .map(({ name }) => name)
    .filter((name) => rows.every((row) => row[name] === undefined))
  const left = rows.flatMap(({ unmapped }) =>
    unmapped === undefined ? [] : paths(JSON.parse(String(unmapped)) as JsonObject),
  )
  const sum = (of: 'repeated' | 'conflicting') => tried.reduce((total, one) => total + one[of], 0)
  const { id, time } = definition
  return [
    ...(sum('repeated') > 0
      ? [
          `${counted(sum('repeated'), 'record')} of the fixtures repeated others, with the same ${id} and ${time}: each was stored once`,
        ]
      : []),
    ...(sum('conflicting') > 0
      ? [
          `${counted(sum('conflicting'), 'record')} had the ${id} and ${time} of another and other content: if both are right, ${id} tells no record, and \`id: {hash: record}\` does`,
        ]
      : []),
    ...(never.length > 0 ? [`no fixture fills ${never.join(', ')}`] : []),
    ...(left.length > 0
      ? [`in unmapped, since no column holds them as they are: ${visible([...new Set(left)].join(', '))}`]
      : []),
  ]
}

function paths(object: JsonObject, above = ''): string[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const isNested = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isNested ? paths(value, `${above}${key}.`) : [above + key]
  })
}

async function draftNew(folder: string, { from }: { from: string }): Promise<void> {
  const file = join(folder, YAML_FILE)
  if (existsSync(file)) throw new UserError(`${file} is there already: nothing was written`)
  let bytes: Uint8Array
  try {
    bytes = readFileSync(from)
  } catch (thrown) {
    throw new UserError(`the sample cannot be read: ${sentence(thrown)}`, { cause: thrown })
  }
  const text = draft(basename(folder), bytes, from)
  const sample = join(folder, 'fixtures', `sample${ending(from)}`)
  mkdirSync(dirname(sample), { recursive: true })
  writeFileSync(file, text)
  writeFileSync(sample, bytes)
  note(
    `${relative('', file)} is a draft: look at each line, and at what is sensitive.\n${relative('', sample)} is the sample: replace what must stay private in it.\nThen: loglake logtypes test ${relative('', folder) || '.'} --write`,
  )
}

/** `.json.gz` of `audit.2026.json.gz`. */
function ending(file: string): string {
  const last = extname(file)
  return last === '.gz' ? extname(basename(file, last)) + last : last
}
