import { type ComponentProps, useId } from 'react'

const DAY_MS = 86_400_000

/** A date this many days from now, as date fields write it. */
export function dateIn(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)
}

/** A day in UTC. */
export function DateField({
  label,
  value,
  min,
  onChange,
}: {
  label: string
  value: string
  min: string
  onChange: (date: string) => void
}) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label} (UTC)</label>
      <input
        id={id}
        className="input"
        type="date"
        min={min}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}

interface ReasonProps extends Omit<ComponentProps<'textarea'>, 'id' | 'onChange' | 'value'> {
  label?: string
  value: string
  onChange: (text: string) => void
}

/** The reason for a change, which the server stores with it. */
export function Reason({ label = 'Reason', rows = 3, onChange, ...rest }: ReasonProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className="input"
        rows={rows}
        onChange={(event) => onChange(event.target.value)}
        {...rest}
      />
    </div>
  )
}

/** Why a reason cannot be sent: the server rejects fewer than three characters. */
export function reasonMissing(reason: string): string | undefined {
  return reason.trim().length < 3 ? 'Give a reason first' : undefined
}
