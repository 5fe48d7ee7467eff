import type { Report, ReportLine } from '../../account/doctor/examine.ts'
import { visible } from '../../lib/terminal.ts'
import { wrap } from './layout.ts'
import type { Paint } from './output.ts'

const WORD = { ok: 'ok', not: 'NOT', unknown: '?', none: '-' } as const
const NAME_WIDTH = 16
const INDENT = ' '.repeat(NAME_WIDTH + 8)

/** A report for a terminal: by groups; what is ok in one line each, what is not with its fix. */
export function reportLines(
  { lines, counts }: Report,
  { look, width, all }: { look: Paint; width: number; all: boolean },
): string[] {
  const { bold, dim } = look
  const told: string[] = []
  for (const group of [...new Set(lines.map((line) => line.group))]) {
    const own = lines.filter((line) => line.group === group)
    const shown = all ? own : own.filter((line) => !isLeftOut(line))
    if (shown.length === 0) continue
    told.push(bold(group), ...shown.flatMap((line) => lineText(line, look, Math.max(60, width))), '')
  }
  const left = lines.filter(isLeftOut)
  if (left.length > 0 && !all) told.push(...leftOutLines(left, look, width), '')
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
    // A command stays in one line, so that it can be copied.
    ...commands.map((command) => `${INDENT}${bold('$')} ${visible(command)}`),
    ...(needs.length > 0
      ? [dim(`${INDENT}needs ${needs.join(', ')}${fix.ours ? '; --fix does it' : ''}`)]
      : []),
    ...(fix.costs ? wrap(`cost: ${fix.costs}`, room).map((more) => dim(`${INDENT}${more}`)) : []),
  ]
}

/** What was not asked at all, for a reason that many lines share. */
function isLeftOut({ state, says, fix }: ReportLine): boolean {
  return state === 'none' || (state === 'unknown' && fix === undefined && says.startsWith('not asked'))
}

/** What does not apply, by why: most checks on a laptop for one reason. */
function leftOutLines(lines: readonly ReportLine[], { dim }: Paint, width: number): string[] {
  const why = new Map<string, Set<string>>()
  for (const { says, check, state } of lines) {
    const word = state === 'none' ? 'does not apply' : 'cannot be told'
    why.set(`${word} (${visible(says)})`, (why.get(`${word} (${visible(says)})`) ?? new Set()).add(check))
  }
  return [...why].flatMap(([says, names]) =>
    wrap(`${says}: ${[...names].join(', ')}`, Math.max(60, width)).map((line) => dim(line)),
  )
}
