import type { Report, ReportLine } from '../../account/doctor/examine.ts'
import { visible } from '../../lib/terminal.ts'
import { wrap } from './layout.ts'
import type { Paint } from './output.ts'

const WORD = { ok: 'ok', not: 'NOT', unknown: '?', none: '-' } as const
const NAME_WIDTH = 16
const INDENT = ' '.repeat(NAME_WIDTH + 8)

/** A report for a terminal, in groups: a line for each check that is ok, and the fix of every other one. */
export function reportLines(
  { lines, counts }: Report,
  { look, width, all }: { look: Paint; width: number; all: boolean },
): string[] {
  const { bold, dim } = look
  const told: string[] = []
  for (const group of [...new Set(lines.map((line) => line.group))]) {
    const own = lines.filter((line) => line.group === group)
    const shown = all ? own : own.filter((line) => !isOmitted(line))
    if (shown.length === 0) continue
    told.push(bold(group), ...shown.flatMap((line) => lineText(line, look, Math.max(60, width))), '')
  }
  const left = lines.filter(isOmitted)
  if (left.length > 0 && !all) told.push(...omittedLines(left, look, width), '')
  told.push(
    `${bold(`${counts.not} not ok`)}, ${counts.unknown} cannot be told, ${counts.ok} ok, ${dim(`${counts.none} do not apply`)}`,
  )
  return told
}

function lineText(line: ReportLine, { red, yellow, dim, bold }: Paint, width: number): string[] {
  const { state, check, about, says, fix, commands, needs } = line
  const mark = { ok: dim, not: red, unknown: yellow, none: dim }[state](WORD[state].padEnd(3))
  const text = about === undefined ? visible(says) : `${visible(about)}: ${visible(says)}`
  const room = width - INDENT.length
  const [first = '', ...rest] = wrap(text, room)
  const told = [`  ${mark}  ${check.padEnd(NAME_WIDTH)} ${first}`, ...rest.map((more) => `${INDENT}${more}`)]
  if (!fix || state === 'ok' || state === 'none') return told
  return [
    ...told,
    ...wrap(`fix: ${visible(fix.does)}`, room).map((more) => `${INDENT}${more}`),
    // A command stays on one line, so that it can be copied.
    ...commands.map((command) => `${INDENT}${bold('$')} ${visible(command)}`),
    ...(needs.length > 0
      ? [dim(`${INDENT}needs ${needs.join(', ')}${fix.ours ? '; --fix does it' : ''}`)]
      : []),
    ...(fix.costs ? wrap(`cost: ${fix.costs}`, room).map((more) => dim(`${INDENT}${more}`)) : []),
  ]
}

/** Checks that were not run, for a reason that many share. */
/** Checks that do not apply, by reason: on a laptop most share one. */
function isOmitted({ state, says, fix }: ReportLine): boolean {
  return state === 'none' || (state === 'unknown' && fix === undefined && says.startsWith('not asked'))
}

function omittedLines(lines: readonly ReportLine[], { dim }: Paint, width: number): string[] {
  const why = new Map<string, Set<string>>()
  for (const { says, check, state } of lines) {
    const word = state === 'none' ? 'does not apply' : 'cannot be told'
    why.set(`${word} (${visible(says)})`, (why.get(`${word} (${visible(says)})`) ?? new Set()).add(check))
  }
  return [...why].flatMap(([says, names]) =>
    wrap(`${says}: ${[...names].join(', ')}`, Math.max(60, width)).map((line) => dim(line)),
  )
}
