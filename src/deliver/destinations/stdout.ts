import type { z } from 'zod'
import { section } from '../../lib/settings.ts'
import { type Receiver, type ReceiverDeps, TAKEN } from '../contract.ts'

export const name = 'stdout'
export const doc = 'Standard output of the process that delivers: one line for each row.'
export const settings = section({}, doc)
export type Settings = z.output<typeof settings>
export const example = ''

export function open(_: Settings, { write = toStdout }: ReceiverDeps): Receiver {
  return {
    max: { deliveries: 1000, bytes: 1 << 20 },
    async send(batch) {
      await write(batch.map(({ text }) => `${line(text)}\n`).join(''))
      return TAKEN
    },
  }
}

/** JSON contains no control characters; a template's text may. */
export function line(text: string): string {
  return text.replace(CONTROL, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g

async function toStdout(text: string): Promise<void> {
  await new Promise<void>((done, failed) =>
    process.stdout.write(text, (error) => (error ? failed(error) : done())),
  )
}
