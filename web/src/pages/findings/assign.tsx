import { type FormEvent, useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/float.tsx'
import { Refusal } from '../../ui/states.tsx'

/** Names who looks into findings; whoever takes them names themselves. */
export function Assign({
  error,
  onClose,
  onSend,
}: {
  error: Error | null
  onClose: () => void
  onSend: (assignee: string) => void
}) {
  const [name, setName] = useState('')
  const id = useId()
  const off = name.trim() === '' ? 'Name somebody first' : undefined
  const send = (event?: FormEvent) => {
    event?.preventDefault()
    if (!off) onSend(name.trim())
  }
  return (
    <Dialog
      title="Assign"
      onClose={onClose}
      footer={
        <Button look="primary" off={off} onClick={() => send()}>
          Assign
        </Button>
      }
    >
      <form onSubmit={send}>
        <div className="field">
          <label htmlFor={id}>Who looks into it</label>
          <input
            id={id}
            className="input"
            value={name}
            maxLength={300}
            placeholder="ana@example.com"
            onChange={(event) => setName(event.target.value)}
          />
        </div>
      </form>
      {error && <Refusal error={error} />}
    </Dialog>
  )
}
