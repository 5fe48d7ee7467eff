import type { DuckDBValue } from '@duckdb/node-api'
import type { AskAnswer, Claim, Result } from '../../agent/contract.ts'
import { shellQuoted } from '../../lib/shell.ts'
import { grouped, visible } from '../../lib/terminal.ts'
import { printAnswer, stream } from './answer.ts'
import { counted } from './layout.ts'
import { paint, print } from './output.ts'

/** Rows of a result that a person gets. */
const SHOWN = 20

/** Options of a command as given, for the commands that it suggests. */
export interface Given {
  lake?: string | undefined
  config?: string | undefined
  as?: string | undefined
  people?: string | undefined
}

/** Completes suggested commands with the lake and settings of this one, so that they can be pasted. */
export function withSettings(answer: AskAnswer, { lake, config }: Given): AskAnswer {
  const more = settingsText({ lake, config })
  if (more === '') return answer
  return {
    ...answer,
    nearest: answer.nearest.map((one) => ({ ...one, command: `${one.command}${more}` })),
    // In notes, loglake's own commands are in backticks; a model's sentences cannot have any.
    notes: answer.notes.map((note) =>
      note.replace(
        /`(loglake (?:status|days|queries|digest)[^`]*)`/g,
        (_, command) => `\`${command}${more}\``,
      ),
    ),
  }
}

function settingsText(given: Given): string {
  return (['lake', 'config', 'as', 'people'] as const)
    .flatMap((name) => {
      const value = given[name]
      return value === undefined ? [] : [` --${name} ${shellQuoted(value)}`]
    })
    .join('')
}

/** Prints an answer in words: claims with their rows, the queries, and notes. */
export async function printAsked(answer: AskAnswer, given: Given): Promise<void> {
  const { bold, dim, yellow } = paint(process.stdout)
  const { claims, results, nearest, notes, suggestions } = answer
  for (const one of claims) await print(`${claimLine(one)}\n`)
  const shown = answer.mode === 'named' ? results.slice(-1) : results.filter(({ id }) => isCited(id, claims))
  for (const result of shown) {
    const named = result.name === null ? result.title : `${result.title} (${result.name})`
    await print(
      `${claims.length > 0 || shown.length > 1 ? '\n' : ''}${bold(visible(`${result.id}  ${named}`))}\n`,
    )
    for (const [name, value] of Object.entries(result.parameters))
      await print(`${dim(visible(`    ${name} = ${value}`))}\n`)
    await printRows(result)
  }
  if (nearest.length > 0) {
    const lead = answer.mode === 'nearest' ? 'No question is clearly meant. The nearest:' : 'Near to it:'
    await print(`\n${lead}\n`)
    for (const { title, command } of nearest)
      await print(`  ${visible(title)}\n    ${dim(visible(`$ ${command}`))}\n`)
  }
  if (answer.mode === 'nothing')
    await print(
      'No question or view has any of these words: `loglake queries' +
        `${settingsText({ lake: given.lake, config: given.config })}\` lists them; \`loglake find NAME${settingsText({ lake: given.lake, config: given.config })}\` looks for a name or an id.\n`,
    )
  if (notes.length > 0) await print('\n')
  for (const one of notes) await print(`${yellow('note')}  ${visible(one)}\n`)
  if (suggestions.length > 0)
    await print(
      `\nTo ask next:\n${suggestions.map((one) => `  ${dim(visible(`$ loglake ask ${shellQuoted(one)}${settingsText(given)}`))}\n`).join('')}`,
    )
  for (const line of footOf(answer)) await print(`${dim(visible(line))}\n`)

  function claimLine({ text, verdict, why, evidence }: Claim): string {
    const rows = evidence.map(({ result, rows }) =>
      rows.length === 0 ? result : `${result}:${rows.slice(0, 8).join(',')}`,
    )
    const where = dim(visible(` [${rows.join(' ')}]`))
    if (verdict === 'struck out')
      return `${yellow('struck out')}  ${dim(visible(text))}\n            ${visible(why)}`
    return `${visible(text)}${where}${verdict === 'read' ? dim(' (read by the model, not proved)') : ''}`
  }
}

function isCited(id: string, claims: readonly Claim[]): boolean {
  return claims.some(
    ({ verdict, evidence }) => verdict !== 'struck out' && evidence.some(({ result }) => result === id),
  )
}

async function printRows({ columns, rows, more, flagged }: Result): Promise<void> {
  const { dim, yellow } = paint(process.stdout)
  if (rows.length === 0) return await print('no rows\n')
  const some = rows.slice(0, SHOWN).map((row) => row.map(cell))
  await printAnswer(
    'table',
    columns.map(({ name }) => name),
    stream(some),
  )
  if (flagged.length > 0)
    await print(
      `${yellow('injection')}  row${flagged.length === 1 ? '' : 's'} ${flagged.slice(0, SHOWN).join(', ')}${flagged.length > SHOWN ? ', …' : ''}: the scorer of prompt injection has a finding; the text may aim at a model\n`,
    )
  if (rows.length > SHOWN || more)
    await print(
      `${dim(`the first ${some.length} of ${more ? 'more than ' : ''}${counted(rows.length, 'row')}: --json has them`)}\n`,
    )
}

function cell(value: unknown): DuckDBValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  return JSON.stringify(value) ?? null
}

function footOf({ mode, trusted, cost, version, run }: AskAnswer): string[] {
  const how =
    mode === 'named'
      ? 'a question that loglake ships, without a model'
      : mode === 'model'
        ? trusted
          ? 'by questions that loglake ships'
          : "by the model's own SQL, which --json shows"
        : 'without a model'
  const parts = [how, `version ${version} of the lake`, `${cost.seconds.toFixed(1)} s`]
  if (cost.model !== null) {
    const usd = cost.usd === null ? '' : `, US$ ${cost.usd.toFixed(4)}`
    parts.push(
      `${cost.model}: ${counted(cost.turns, 'call')}, ${grouped(cost.input_tokens + cost.output_tokens)} tokens${usd}`,
    )
  }
  return ['', parts.join(' · '), `run ${run}`]
}
