import type { Completion, Word } from './words.ts'

/** A script for zsh, with what each word does. */
export function zshScript(completions: readonly Completion[]): string {
  const deeper = completions
    .filter(({ path }) => path !== '')
    .map(({ path }) => {
      const at = path.lastIndexOf(' ')
      return `      ${quoted(`${path.slice(0, Math.max(at, 0))}/${path.slice(at + 1)}`)}) place=${quoted(path)} ;;`
    })
  const values = completions.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ name, choices }) => {
        const said = choices.length === 0 ? '_files' : `compadd -- ${choices.map(quoted).join(' ')}`
        return `    ${quoted(`${path}:${name}`)}) ${said}; return ;;`
      }),
  )
  const words = completions.map(({ path, commands, options, names }) => {
    const told = [...commands, ...names.map((name) => ({ name, doc: '' })), ...options].map(described)
    return `    ${quoted(path)}) told=(${told.join(' ')}) ;;`
  })
  return `#compdef loglake
# loglake completion zsh: put it into a folder of $fpath as _loglake, or source it after compinit
_loglake() {
  local place='' at
  local -a told
  for ((at = 2; at < CURRENT; at++)); do
    case "$place/\${words[at]}" in
${deeper.join('\n')}
    esac
  done
  case "$place:\${words[CURRENT - 1]}" in
${values.join('\n')}
  esac
  case "$place" in
${words.join('\n')}
  esac
  _describe 'loglake' told
  [[ $PREFIX == -* ]] || _files
}
if [ "$funcstack[1]" = '_loglake' ]; then _loglake "$@"; else compdef _loglake loglake; fi
`
}

function described({ name, doc }: Word): string {
  const plain = (text: string) => text.replace(/[\\:]/g, '\\$&')
  return quoted(doc === '' ? plain(name) : `${plain(name)}:${plain(doc)}`)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
