import { RE2JS, RE2JSSyntaxException } from 're2js'

/** A user's regular expression, in RE2's syntax: its time is linear in the text. */
export interface Expression {
  /** Whether it matches somewhere in a text. */
  test(text: string): boolean
}

export function expression(text: string): Expression {
  const compiled = RE2JS.compile(text)
  return { test: (other) => compiled.test(other) }
}

/** Why a text is not a valid regular expression; undefined when it is one. */
export function whyNoExpression(text: string): string | undefined {
  const unsupported = /\\[1-9]|\(\?<?[=!]/.exec(text)?.[0]
  try {
    RE2JS.compile(text)
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof RE2JSSyntaxException)) throw thrown
    // RE2's own messages use other names for these.
    if (unsupported !== undefined)
      return `${unsupported.startsWith('\\') ? 'a reference to a group' : 'looking ahead or behind'} is not supported: \`${unsupported}\``
    return thrown.message.replace(/^error parsing regexp: /, '')
  }
}
