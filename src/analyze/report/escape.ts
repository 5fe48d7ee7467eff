import { plainText } from '../../model/fence.ts'

/**
 * Text of logs and models, in Markdown: nothing of it is obeyed, no link, no image, no HTML, no mention of somebody.
 * Round brackets mean something behind square ones only.
 */
export function markdownText(text: string): string {
  return (
    oneLine(text)
      .replace(/[\\`*_{}[\]#!|<>&~]|(?<=\])\(/g, (one) => ENTITIES[one] ?? `\\${one}`)
      // Plain addresses, of which many readers make links.
      .replaceAll('://', ':\\/\\/')
      .replace(/\bwww\./gi, (one) => `${one.slice(0, -1)}\\.`)
      .replace(/(^|\s)@/g, '$1\\@')
      .replace(/^([-+=]|\d+[.)])/, '\\$1')
  )
}

const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' }

/** The same in HTML. */
export function htmlText(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

function oneLine(text: string): string {
  return plainText(text).replace(/\s+/g, ' ').trim()
}
