import type { Completion } from './words.ts'

/** A script for fish, with what each word does. */
export function fishScript(completions: readonly Completion[]): string {
  const lines = completions.flatMap(({ path, commands, options, names }) => {
    const when = `complete -c loglake -n ${quoted(
      conditionOf(
        path,
        commands.map(({ name }) => name),
      ),
    )}`
    const there = `complete -c loglake -n ${quoted(conditionOf(path, []))}`
    return [
      ...commands.map(({ name, doc }) => `${when} -a ${quoted(name)} -d ${quoted(doc)}`),
      ...(names.length === 0 ? [] : [`${when} -a ${quoted(names.join(' '))}`]),
      ...options.map(({ name, short, doc, takesValue, choices }) => {
        const letters = short ? ` -s ${short.slice(1)}` : ''
        const value = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : takesValue ? ' -r' : ''
        return `${there} -l ${name.slice(2)}${letters}${value} -d ${quoted(doc)}`
      }),
    ]
  })
  return `# loglake completion fish: put it into ~/.config/fish/completions/loglake.fish\n${lines.join('\n')}\n`
}

function conditionOf(path: string, below: readonly string[]): string {
  if (path === '') return '__fish_use_subcommand'
  const seen = path.split(' ').map((name) => `__fish_seen_subcommand_from ${name}`)
  const not = below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.join(' ')}`]
  return [...seen, ...not].join('; and ')
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
