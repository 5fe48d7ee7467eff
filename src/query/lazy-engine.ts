import type { QueryEngine } from './question.ts'

/** A query engine that opens with its first question. */
export function lazyQueryEngine(open: () => Promise<QueryEngine>): QueryEngine {
  let opened: Promise<QueryEngine> | undefined
  let closed = false
  const engine = (): Promise<QueryEngine> => {
    opened ??= open().then((one) => {
      if (closed) one.close()
      return one
    })
    // After a failure, the next question tries to open it again.
    opened.catch(() => {
      opened = undefined
    })
    return opened
  }
  return {
    ask: async (question, options) => await (await engine()).ask(question, options),
    names: async () => await (await engine()).names(),
    close() {
      closed = true
      opened?.then((one) => one.close()).catch(() => undefined)
    },
  }
}
