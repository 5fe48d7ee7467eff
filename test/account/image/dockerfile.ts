/** One instruction of a Dockerfile: its name, its flags (`--from=build`), and the rest as it is written. */
export interface Instruction {
  name: string
  flags: Readonly<Record<string, string>>
  /** Continued lines are one; of a list in JSON, its members. */
  words: string | readonly string[]
  line: number
}

/** What lies between one FROM and the next. */
export interface Stage {
  from: string
  as: string | undefined
  instructions: readonly Instruction[]
}

/** Instructions that the runner knows; another one is a fault, never skipped. */
const KNOWN = new Set([
  ...['FROM', 'WORKDIR', 'COPY', 'RUN', 'LABEL', 'ENV', 'USER', 'VOLUME', 'EXPOSE'],
  ...['HEALTHCHECK', 'ENTRYPOINT', 'CMD'],
])

/** Reads a Dockerfile: https://docs.docker.com/reference/dockerfile/ */
export function parseDockerfile(text: string): Stage[] {
  const stages: { from: string; as: string | undefined; instructions: Instruction[] }[] = []
  for (const one of instructionsIn(text)) {
    if (!KNOWN.has(one.name)) throw new Error(`line ${one.line}: ${one.name} is not known here`)
    if (one.name === 'FROM') {
      const [, from = '', as] = /^(\S+)(?: AS (\S+))?$/i.exec(String(one.words)) ?? []
      stages.push({ from, as, instructions: [] })
    } else stages.at(-1)?.instructions.push(one)
  }
  return stages
}

function instructionsIn(text: string): Instruction[] {
  const found: Instruction[] = []
  let open = ''
  let begun = 0
  for (const [at, line] of text.split('\n').entries()) {
    // Comments and empty lines do not end an instruction that goes on.
    if (/^\s*(#.*)?$/.test(line)) continue
    if (open === '') begun = at + 1
    const goesOn = /\\\s*$/.test(line)
    open += goesOn ? `${line.replace(/\\\s*$/, '').trim()} ` : line.trim()
    if (goesOn) continue
    found.push(instruction(open, begun))
    open = ''
  }
  return found
}

function instruction(text: string, line: number): Instruction {
  const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/s.exec(text) ?? []
  const flags: Record<string, string> = {}
  const words = rest.replace(/^(--[\w-]+=\S+\s+)+/, (all) => {
    for (const [, flag = '', value = ''] of all.matchAll(/--([\w-]+)=(\S+)/g)) flags[flag] = value
    return ''
  })
  const list = words.startsWith('[') ? (JSON.parse(words) as string[]) : words
  return { name: name.toUpperCase(), flags, words: list, line }
}

/** `NAME=value NAME="value with blanks"` of ENV and LABEL. */
export function pairsOf(words: string): Record<string, string> {
  const pairs = words.matchAll(/([\w.-]+)=(?:"([^"]*)"|(\S+))/g)
  return Object.fromEntries([...pairs].map(([, name, quoted, bare]) => [name, quoted ?? bare ?? '']))
}
