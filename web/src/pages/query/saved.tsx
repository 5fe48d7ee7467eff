import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { failureText, type Output, post, useAsk } from '../../api/client.ts'
import { may, useMe } from '../../shell/me.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/float.tsx'
import { plain } from '../../ui/plain.ts'
import { Empty, Part, Refusal } from '../../ui/states.tsx'
import { say } from '../../ui/toast.tsx'
import type { Values } from './parameters.ts'
import type { Insert } from './side.tsx'
import { forget, type Kept, kept } from './store.ts'

type Question = Output<'saved'>['questions'][number]

/**
 * Saved queries: the person's own, those that others share, and those that an earlier version stored in this
 * browser.
 */
export function Saved({ onInsert }: { onInsert: Insert }) {
  const saved = useAsk('saved', {})
  return (
    <Part of={saved}>
      {({ questions }) => {
        const mine = questions.filter((one) => one.mine)
        const others = questions.filter((one) => !one.mine)
        if (questions.length === 0 && kept().length === 0)
          return <Empty title="None yet">“Save…” stores a query for you, and can share it.</Empty>
        return (
          <>
            {mine.map((one) => (
              <Line key={one.id} one={one} onInsert={onInsert} />
            ))}
            {others.length > 0 && <h3>Shared by others</h3>}
            {others.map((one) => (
              <Line key={one.id} one={one} onInsert={onInsert} />
            ))}
            {kept().length > 0 && <h3>Only in this browser</h3>}
            <Own questions={kept()} onInsert={onInsert} none={null} />
          </>
        )
      }}
    </Part>
  )
}

function Line({ one, onInsert }: { one: Question; onInsert: Insert }) {
  const me = useMe()
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () => post('saved-remove', { id: one.id }),
    onSuccess: () => {
      say(`“${one.name}” is removed`)
      return client.invalidateQueries({ queryKey: ['saved'] })
    },
    onError: (error) => say(failureText(error)),
  })
  const removable = (one.mine || me?.role === 'operator') && may(me, 'saved-remove')
  return (
    <div className="saved">
      <button
        type="button"
        className="question"
        title={plain(one.sql)}
        onClick={() => onInsert(one.sql, one.parameters)}
      >
        {plain(one.name)}
        <small>{one.mine ? (one.shared ? 'shared' : 'only for you') : plain(one.owner)}</small>
      </button>
      {removable && (
        <Button look="quiet" aria-label={`Remove ${plain(one.name)}`} onClick={() => remove.mutate()}>
          Remove
        </Button>
      )}
    </div>
  )
}

/** Queries stored in this browser: the history, or those saved before the server could save any. */
export function Own({
  questions,
  onInsert,
  none,
}: {
  questions: readonly Kept[]
  onInsert: Insert
  none: ReactNode
}) {
  if (questions.length === 0) return none
  return questions.map(({ name, sql, at }) => (
    <button key={`${name}${at}`} type="button" className="question" title={sql} onClick={() => onInsert(sql)}>
      {name || <span className="mono cut">{sql.replace(/\s+/g, ' ').slice(0, 120)}</span>}
      <small>{new Date(at).toISOString().slice(0, 16).replace('T', ' ')}</small>
    </button>
  ))
}

/** Saves the editor's query on the server, with the present values of its parameters. */
export function Save({ sql, values }: { sql: string; values: Values }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>Save…</Button>
      {open && <SaveDialog sql={sql} values={values} onClose={() => setOpen(false)} />}
    </>
  )
}

function SaveDialog({ sql, values, onClose }: { sql: string; values: Values; onClose: () => void }) {
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const known = useAsk('saved', {}).data?.questions
  const client = useQueryClient()
  const replaces = known?.some((one) => one.mine && one.name === name.trim()) ?? false
  const send = useMutation({
    mutationFn: () => post('saved-save', { name: name.trim(), sql, parameters: values, shared }),
    onSuccess: (question) => {
      forget(question.name)
      say(shared ? 'Saved, and shared' : 'Saved')
      onClose()
      return client.invalidateQueries({ queryKey: ['saved'] })
    },
  })
  const off = name.trim() ? undefined : 'Give a name first'
  return (
    <Dialog title="Save the query" onClose={onClose}>
      <form
        className="save"
        onSubmit={(event) => {
          event.preventDefault()
          if (!off) send.mutate()
        }}
      >
        <div className="field">
          <label htmlFor="question-name">Name</label>
          <input
            id="question-name"
            className="input"
            value={name}
            maxLength={200}
            onChange={(event) => setName(event.target.value)}
          />
          {replaces && <small className="amber">Replaces your query of that name.</small>}
        </div>
        <label className="check">
          <input type="checkbox" checked={shared} onChange={() => setShared(!shared)} />
          <span>
            Share it
            <small>
              Everyone who may run SQL here sees its text. A person who runs it gets only the rows that they
              may see.
            </small>
          </span>
        </label>
        {send.error && <Refusal error={send.error} />}
        <Button look="primary" type="submit" off={off} disabled={send.isPending}>
          Save
        </Button>
      </form>
    </Dialog>
  )
}
