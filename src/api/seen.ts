/** What a call showed. */
export interface Seen {
  rows?: number
  /** Whether it showed text without masks. */
  unmasked?: boolean
  /** The session, conversation, finding or review. */
  about?: string
}

/** Text that is JSON already. */
export interface RawJson {
  rawJson: string
}

export function raw(text: string): RawJson {
  return { rawJson: text }
}
