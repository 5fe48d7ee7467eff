import { htmlText, markdownText } from './escape.ts'

/** A page as parts, from which Markdown and HTML are made, so that both say the same. */
export interface Page {
  title: string
  parts: readonly Part[]
}

export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'head'; text: string }
  | { kind: 'list'; lines: readonly Entry[] }

export interface Entry {
  /** A word in front of it, such as a severity. */
  mark?: string
  text: string
  /** A smaller text below it. */
  more?: readonly string[]
  /** Ids, shown as they are. */
  ids?: readonly string[]
  /** Ids that are not shown. */
  left?: number
}

export function markdownOf({ title, parts }: Page): string {
  const blocks = parts.map((part) => {
    if (part.kind === 'text') return markdownText(part.text)
    if (part.kind === 'head') return `## ${markdownText(part.text)}`
    return part.lines
      .map(({ mark, text, more = [], ids = [], left = 0 }) => {
        const head = `- ${mark === undefined ? '' : `**${markdownText(mark)}** `}${markdownText(text)}`
        const below = more.map((one) => `  ${markdownText(one)}`)
        return [head, ...below, ...(ids.length === 0 ? [] : [`  Events: ${idList(ids, left)}`])].join('  \n')
      })
      .join('\n')
  })
  return `# ${markdownText(title)}\n\n${blocks.join('\n\n')}\n`
}

/** Ids that do not have AWS's form are treated as text. */
function idList(ids: readonly string[], left: number): string {
  const shown = ids.map((id) => (/^[\w-]{1,100}$/.test(id) ? `\`${id}\`` : markdownText(id)))
  return `${shown.join(' ')}${left > 0 ? ` and ${left} more` : ''}`
}

/** One file without external resources and without scripts. */
export function htmlOf({ title, parts }: Page): string {
  const blocks = parts.map((part) => {
    if (part.kind === 'text') return `<p>${htmlText(part.text)}</p>`
    if (part.kind === 'head') return `<h2>${htmlText(part.text)}</h2>`
    return `<ul>\n${part.lines.map(htmlEntry).join('\n')}\n</ul>`
  })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${htmlText(title)}</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2rem; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
li { margin: 0 0 0.8rem; overflow-wrap: anywhere; }
small, code { font-size: 0.85em; opacity: 0.8; }
</style>
</head>
<body>
<h1>${htmlText(title)}</h1>
${blocks.join('\n')}
</body>
</html>
`
}

function htmlEntry({ mark, text, more = [], ids = [], left = 0 }: Entry): string {
  const head = `${mark === undefined ? '' : `<strong>${htmlText(mark)}</strong> `}${htmlText(text)}`
  const below = more.map((one) => `<br><small>${htmlText(one)}</small>`).join('')
  const shown = ids.map((id) => `<code>${htmlText(id)}</code>`).join(' ')
  const rest = left > 0 ? ` and ${left} more` : ''
  return `<li>${head}${below}${ids.length === 0 ? '' : `<br><small>Events: ${shown}${rest}</small>`}</li>`
}
