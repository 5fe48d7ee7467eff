import type { Completion } from './words.ts'

/** A script for bash, which completes from words alone: nothing is started while somebody types. */
export function bashScript(completions: readonly Completion[]): string {
  const deeper = completions
    .filter(({ path }) => path !== '')
    .map(({ path }) => `      ${quoted(stepTo(path))}) path=${quoted(path)} ;;`)
  const values = completions.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ name, choices }) => `    ${quoted(`${path}:${name}`)}) values=${quoted(choices.join(' '))} ;;`),
  )
  const words = completions.map(({ path, commands, options, names }) => {
    const all = [
      ...commands.map(({ name }) => name),
      ...names,
      ...options.flatMap(({ name, short }) => (short ? [name, short] : [name])),
    ]
    return `    ${quoted(path)}) words=${quoted(all.join(' '))} ;;`
  })
  return `# loglake completion bash: source it, or put it into ~/.local/share/bash-completion/completions/loglake
_loglake() {
  local cur=\${COMP_WORDS[COMP_CWORD]} path='' words='' values='-' at
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "$path/\${COMP_WORDS[at]}" in
${deeper.join('\n')}
    esac
  done
  COMPREPLY=()
  case "$path:\${COMP_WORDS[COMP_CWORD - 1]}" in
${values.join('\n')}
  esac
  if [ "$values" != '-' ]; then
    [ -n "$values" ] && COMPREPLY=($(compgen -W "$values" -- "$cur"))
    return
  fi
  case "$path" in
${words.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _loglake loglake
`
}

/** `rejects replay` is reached from `rejects` by `replay`. */
function stepTo(path: string): string {
  const at = path.lastIndexOf(' ')
  return `${path.slice(0, Math.max(at, 0))}/${path.slice(at + 1)}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\\\''")}'`
}
