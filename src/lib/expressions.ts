import { RE2JS, RE2JSSyntaxException } from 're2js'

/** A regular expression of a user's, in RE2's syntax: the work grows with the text, and never doubles with each letter. */
export interface Expression {
  /** Whether it finds something in a text. */
  test(text: string): boolean
}

export function expression(text: string): Expression {
  const compiled = RE2JS.compile(text)
  return { test: (other) => compiled.test(other) }
}

/** What of a text is no regular expression; undefined when it is one. */
export function whyNoExpression(text: string): string | undefined {
  const unsupported = /\\[1-9]|\(\?<?[=!]/.exec(text)?.[0]
  try {
    RE2JS.compile(text)
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof RE2JSSyntaxException)) throw thrown
    // It calls them by other names.
    if (unsupported !== undefined)
      return `${unsupported.startsWith('\\') ? 'a reference to a group' : 'looking ahead or behind'} is not supported: \`${unsupported}\``
    return thrown.message.replace(/^error parsing regexp: /, '')
  }
}
