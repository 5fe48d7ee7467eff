import type { Envelope } from './contract.ts'
import { OPEN_OBJECT, skipSpace } from './json.ts'

/** `Script started on …`, which script(1) writes on Linux, or the head of PowerShell's transcript. */
const HEAD = /^\s*(?:Script started on |\*{22}\r?\nWindows PowerShell transcript start)/

/** The session's id is the object's name: the user's name, a dash, and 17 hexadecimal digits, or newer 26 letters and digits. */
const SESSION = /(?:^|\/)[^/]+-(?:[0-9a-f]{17}|[a-z0-9]{26})\.(?:log|dms)$/i

/** What Session Manager uploads to S3 at a session's end: one object, all that the terminal showed. */
export const transcript: Envelope = {
  name: 'transcript',
  doc: "A Session Manager session's terminal output as plain text, `<session id>.log`.",
  open(bytes, context) {
    const head = Buffer.from(bytes.subarray(0, 4096)).toString('latin1')
    // Streamed events are JSON, whatever their object is called.
    if (bytes[skipSpace(bytes, 0)] === OPEN_OBJECT && head.includes('"sessionData"')) return undefined
    if (!HEAD.test(head) && !SESSION.test(context.uri)) return undefined
    return { kind: 'texts', texts: [{ bytes, record: undefined, context, offset: 0 }] }
  },
}
