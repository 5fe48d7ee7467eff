import type { Command } from 'commander'

/** What can follow at one place of a command line. */
export interface Place {
  /** The commands so far, without `loglake`: `rejects replay`; empty at the beginning. */
  path: string
  commands: Word[]
  options: OptionWord[]
  /** Names that the command's argument can be. */
  names: readonly string[]
}

export interface Word {
  name: string
  doc: string
}

export interface OptionWord extends Word {
  /** `-h`, where there is one. */
  short?: string
  takesValue: boolean
  /** What the value can be; a file or anything else when there are none. */
  choices: readonly string[]
}

/** Every place of a program's command lines, from its commands. */
export function placesOf(program: Command, namesOf: (path: string) => readonly string[], path = ''): Place[] {
  const options = [...program.createHelp().visibleOptions(program)].map((option): OptionWord => {
    const choices = option.argChoices ?? []
    return {
      name: option.long ?? option.short ?? '',
      doc: option.description,
      ...(option.long && option.short ? { short: option.short } : {}),
      takesValue: option.required || option.optional,
      choices,
    }
  })
  const commands = program.commands.map((command) => ({ name: command.name(), doc: command.description() }))
  const below = program.commands.flatMap((command) =>
    placesOf(command, namesOf, `${path} ${command.name()}`.trim()),
  )
  return [{ path, commands, options, names: namesOf(path) }, ...below]
}
