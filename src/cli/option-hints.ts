import type { Command } from 'commander'
import { shellQuoted } from '../lib/shell.ts'
import { formatNames } from '../query/format-names.ts'

/** Letters that other programs have for what our long options say. */
const LETTERS: Record<string, string> = {
  f: '--format',
  o: '--output',
  l: '--lake',
  c: '--config',
  n: '--limit',
}

/**
 * What to write in the place of an option that is unknown; undefined where nothing fits.
 *
 * @param args the whole call
 * @param flag the option, as the parser names it
 */
export function optionHint(program: Command, args: readonly string[], flag: string): string | undefined {
  const at = args.findIndex((arg) => commandOf(program, arg))
  const place = args.indexOf(flag)
  const before = place >= 0 && place < at
  const command = at < 0 ? undefined : named(program, args.slice(at))
  const [name = '', value] = flag.split(/=(.*)/s)
  const there = (long: string) => command?.options.find((option) => option.long === long)
  if (before && there(name)) {
    const call = [...args.slice(at), ...args.slice(0, at)].map(shellQuoted).join(' ')
    return `options go behind the command: \`loglake ${call}\``
  }
  const meant = meaningOf(name, value ?? args[place + 1], there)
  return meant === undefined ? undefined : `write ${meant}`
}

function meaningOf(
  name: string,
  value: string | undefined,
  there: (long: string) => unknown,
): string | undefined {
  const format = name.slice(2)
  if ([...formatNames, 'parquet'].includes(format) && there('--format')) return `--format ${format}`
  const long = LETTERS[name.slice(1, 2)]
  const isLetter = /^-\w/.test(name)
  if (isLetter && long !== undefined && there(long)) {
    const joined = name.slice(2) || value
    return joined === undefined || joined.startsWith('-') ? long : `${long} ${shellQuoted(joined)}`
  }
  const wanted =
    isLetter && long === '--format' ? name.slice(2) || value : name === '--format' ? value : undefined
  return wanted === 'json' && there('--json') ? '--json' : undefined
}

function commandOf(above: Command, name: string): Command | undefined {
  return above.commands.find((command) => command.name() === name)
}

/** The command, or the one below it, that a call names. */
function named(program: Command, args: readonly string[]): Command | undefined {
  const command = commandOf(program, args[0] ?? '')
  const below = command && args.slice(1).flatMap((arg) => commandOf(command, arg) ?? [])[0]
  return below ?? command
}
