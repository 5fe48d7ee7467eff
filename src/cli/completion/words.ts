import type { Command } from 'commander'

/** What can follow at one place of a command line. */
export interface Completion {
  /** The commands so far, without `loglake`: `rejects replay`; empty at the beginning. */
  path: string
  commands: Word[]
  options: OptionWord[]
  /** Values of the command's argument. */
  names: readonly string[]
}

export interface Word {
  name: string
  doc: string
}

export interface OptionWord extends Word {
  /** The short form, such as `-h`, if there is one. */
  short?: string
  takesValue: boolean
  /** Values of the option; none for a file or free text. */
  choices: readonly string[]
}

/** Every place of a program's command lines, from its commands. */
export function completionsOf(
  program: Command,
  namesOf: (path: string) => readonly string[],
  path = '',
): Completion[] {
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
    completionsOf(command, namesOf, `${path} ${command.name()}`.trim()),
  )
  return [{ path, commands, options, names: namesOf(path) }, ...below]
}
