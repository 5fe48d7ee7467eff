import { useCallback, useRef, useState } from 'react'
import { lines, type Output, Problem } from '../../api/client.ts'
import { plain } from '../../ui/plain.ts'

export type Line = Output<'ask'>
export type Step = Extract<Line, { kind: 'progress' }>
export type Answer = Extract<Line, { kind: 'answer' }>['answer']
export type Result = Answer['results'][number]
export type Claim = Answer['claims'][number]

/** A question with its answer so far. */
export interface Asked {
  question: string
  steps: readonly Step[]
  answer?: Answer
  fault?: string
  busy: boolean
}

/** Keeps the last question while a person visits another page. */
let last: Asked | undefined

export function useAsking(): {
  asked: Asked | undefined
  ask: (question: string, model: 'auto' | 'off') => void
  stop: () => void
  clear: () => void
} {
  const [asked, setAsked] = useState<Asked | undefined>(last && { ...last, busy: false })
  const cancel = useRef<AbortController>(null)
  const show = useCallback((next: Asked | undefined) => {
    last = next
    setAsked(next)
  }, [])
  const stop = useCallback(() => cancel.current?.abort(), [])
  const clear = useCallback(() => {
    stop()
    show(undefined)
  }, [stop, show])
  const ask = useCallback(
    (question: string, model: 'auto' | 'off') => {
      stop()
      const own = new AbortController()
      cancel.current = own
      let now: Asked = { question, steps: [], busy: true }
      const add = (change: Partial<Asked>) => {
        if (cancel.current !== own) return
        now = { ...now, ...change }
        show(now)
      }
      const read = async () => {
        for await (const line of lines('ask', { question, model }, own.signal)) {
          if (line.kind === 'progress') add({ steps: [...now.steps, line] })
          else if (line.kind === 'answer') add({ answer: line.answer })
          else add({ fault: plain(line.detail) })
        }
        if (!now.answer && !now.fault) add({ fault: 'The answer ended too early. Ask again.' })
      }
      add({})
      read()
        .catch((thrown: unknown) => add({ fault: faultOf(thrown) }))
        .finally(() => add({ busy: false }))
    },
    [stop, show],
  )
  return { asked, ask, stop, clear }
}

function faultOf(thrown: unknown): string {
  if (thrown instanceof Problem) return plain([thrown.title, thrown.detail].filter(Boolean).join(': '))
  if ((thrown as Error).name === 'AbortError') return 'Stopped before the answer.'
  return `${(thrown as Error).message}. Ask again once it answers.`
}
