import { plainText } from '../../model/fence.ts'

/**
 * Escapes text of logs and models for Markdown, so that it makes no link, image, HTML or mention. Round
 * brackets have a meaning only after square ones.
 */
export function markdownText(text: string): string {
  return (
    oneLine(text)
      .replace(/[\\`*_{}[\]#!|<>&~]|(?<=\])\(/g, (one) => ENTITIES[one] ?? `\\${one}`)
      // Plain addresses, which many readers turn into links.
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
