import type { Command } from 'commander'
import { entries } from './entries.ts'
import { programWith } from './program.ts'
import { version } from './version.ts'

/** Generates the manual page in roff from the commands. */
export async function manPage(): Promise<string> {
  const program = await programWith(() => true)
  const groups = [...new Set(entries.map(({ group }) => group))]
  const parts = [
    `.TH LOGLAKE 1 "" "loglake ${version()}" "loglake"`,
    '.SH NAME',
    `loglake \\- ${roff(program.description().replace(/\.$/, ''))}`,
    '.SH SYNOPSIS',
    '.B loglake',
    '.I command',
    '[\\fIoptions\\fR]',
    '.SH COMMANDS',
    ...groups.flatMap((group) => [
      `.SS ${roff(group.replace(/:$/, ''))}`,
      ...entries
        .filter((entry) => entry.group === group)
        .flatMap(({ name, does }) => ['.TP', `.B ${name}`, roff(does)]),
    ]),
    ...program.commands.flatMap((command) => pageOf(command, `loglake ${command.name()}`)),
    ...END,
  ]
  return `${parts.join('\n')}\n`
}

const END = [
  '.SH ENVIRONMENT',
  'Options come first, then the environment, then the file.',
  ...[
    ['LOGLAKE_LAKE', 'the lake, in place of \\-\\-lake'],
    ['LOGLAKE_CONFIG', 'the configuration, in place of \\-\\-config'],
    ['LOGLAKE_FORMAT', 'how answers are written, in place of \\-\\-format'],
    ['NO_COLOR', 'no emphasis on a terminal'],
  ].flatMap(([name, doc]) => ['.TP', `.B ${name}`, doc]),
  '.SH FILES',
  '.TP',
  '.B loglake.yaml',
  'the configuration, in the working directory',
  '.SH EXIT STATUS',
  '0 done, 1 a failure of loglake or of the machine, 2 a mistake in the call, 3 done but with rejects, 130 stopped.',
]

function pageOf(command: Command, called: string): string[] {
  const help = command.createHelp()
  const usage = `${called} ${command.usage()}`.trim()
  const options = help.visibleOptions(command)
  return [
    `.SH ${roff(called.toUpperCase())}`,
    `.B ${roff(usage)}`,
    '.PP',
    roff(`${command.description().replace(/^./, (letter) => letter.toUpperCase())}.`),
    ...help
      .visibleArguments(command)
      .flatMap((argument) => ['.TP', `.I ${roff(argument.name())}`, roff(argument.description)]),
    ...options.flatMap((option) => ['.TP', `.B ${roff(option.flags)}`, roff(help.optionDescription(option))]),
    ...asWritten(afterHelp(command)),
    ...command.commands.flatMap((below) => pageOf(below, `${called} ${below.name()}`)),
  ]
}

/** The text after the options in the help: examples and notes. */
function afterHelp(command: Command): string {
  let text = ''
  command.configureOutput({
    writeOut: (part) => (text += part),
    getOutHasColors: () => false,
    getOutHelpWidth: () => 80,
  })
  command.outputHelp()
  return text.slice(command.helpInformation().length).trim()
}

function asWritten(text: string): string[] {
  return text === '' ? [] : ['.PP', '.nf', ...text.split('\n').map(roff), '.fi']
}

/** Escapes text for roff. */
function roff(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^[.']/gm, '\\&$&')
}
