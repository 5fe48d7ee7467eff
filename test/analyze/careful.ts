import type { Answered, Asked } from './stand-in.ts'

/** A line of the data that a model is given, as the fence has it. */
export interface FencedLine {
  /** As in `e3` or `f2`. */
  handle: string
  text: string
}

/** The lines between the marks of the data, without those that have no handle. */
export function fencedLines(text: string): FencedLine[] {
  const data = /<data-(\w+)>\n([\s\S]*)\n<\/data-\1>/.exec(text)?.[2] ?? ''
  return data.split('\n').flatMap((line) => {
    const plain = JSON.parse(line.replace(/^\d+: /, '')) as string
    const found = /^([ef]\d+) ([\s\S]*)$/.exec(plain)
    return found ? [{ handle: found[1] as string, text: found[2] as string }] : []
  })
}

/** Whether a call puts findings together. */
export function isReduce({ system }: Asked): boolean {
  return system.startsWith('You put findings')
}

/**
 * A model that reads every line and reports those that a pattern is in, word for word; it puts findings together that have the same
 * severity, two at a time.
 */
export function carefulReader(pattern: RegExp): (asked: Asked) => Answered {
  return (asked) => {
    const lines = fencedLines(asked.text)
    if (isReduce(asked)) {
      const sentences = []
      for (let at = 0; at < lines.length; at += 2) {
        const some = lines.slice(at, at + 2)
        sentences.push({
          severity: 'low',
          text: `These belong together: ${some.map(({ text }) => pattern.exec(text)?.[0] ?? 'something').join(' and ')}.`,
          cites: some.map(({ handle }) => handle),
        })
      }
      return { text: JSON.stringify({ sentences }) }
    }
    const findings = lines
      .filter(({ text }) => pattern.test(text))
      .map(({ handle, text }) => ({
        severity: 'high',
        what: `${pattern.exec(text)?.[0]} was called.`,
        ids: [handle],
      }))
    return { text: JSON.stringify({ findings, nothing_notable: findings.length === 0 }) }
  }
}
