import { Search, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { Key } from './button.tsx'
import { useKeys } from './keys.ts'
import { plain } from './plain.ts'

/** Parses a condition: `eventname:StopLogging`, `-actor:ci`, `requestparameters~support-temp`. */
function parseCondition(
  condition: string,
): { not: boolean; field: string; how: ':' | '~'; value: string } | undefined {
  const found = /^(-?)([a-z][\w.]*)([:~])([\s\S]*)$/i.exec(condition)
  if (!found) return undefined
  return {
    not: found[1] === '-',
    field: found[2] as string,
    how: found[3] as ':' | '~',
    value: found[4] as string,
  }
}

/** Adds a condition at the end, once. */
export function withCondition(where: readonly string[], condition: string): string[] {
  return [...where.filter((one) => one !== condition), condition]
}

/**
 * Conditions as chips, with a field to type the next one. A plain word becomes a condition on the field
 * `anywhere`.
 */
export function FilterBar({
  where,
  onChange,
  fields,
  anywhere,
  placeholder,
}: {
  where: readonly string[]
  onChange: (where: string[]) => void
  fields: readonly string[]
  anywhere: string
  placeholder: string
}) {
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(-1)
  const input = useRef<HTMLInputElement>(null)
  useKeys({ '/': () => input.current?.focus() })
  const beginning = typed.replace(/^-/, '')
  const offered =
    beginning === '' || /[:~]/.test(beginning)
      ? []
      : fields.filter((field) => field.includes(beginning.toLowerCase())).slice(0, 8)
  const add = (text: string) => {
    const condition = parseCondition(text) ? text : `${anywhere}~${text}`
    onChange(withCondition(where, condition))
    setTyped('')
    setAt(-1)
  }
  return (
    <div className="filters">
      <Search size={14} aria-hidden="true" className="faint" />
      {where.map((condition) => (
        <Chip
          key={condition}
          condition={condition}
          onEdit={() => {
            setTyped(condition)
            onChange(where.filter((one) => one !== condition))
            input.current?.focus()
          }}
          onRemove={() => onChange(where.filter((one) => one !== condition))}
        />
      ))}
      <input
        ref={input}
        role="combobox"
        aria-label="Add a condition"
        aria-expanded={offered.length > 0}
        aria-controls="fields"
        aria-autocomplete="list"
        placeholder={where.length === 0 ? placeholder : ''}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          setAt(-1)
        }}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
          if (step && offered.length) {
            event.preventDefault()
            setAt((Math.max(at, step < 0 ? 0 : at) + step + offered.length) % offered.length)
          } else if ((event.key === 'Tab' || event.key === 'Enter') && offered[at]) {
            event.preventDefault()
            setTyped(`${typed.startsWith('-') ? '-' : ''}${offered[at]}:`)
            setAt(-1)
          } else if (event.key === 'Enter' && typed.trim()) add(typed.trim())
          else if (event.key === 'Backspace' && typed === '' && where.length) onChange(where.slice(0, -1))
          else if (event.key === 'Escape') input.current?.blur()
        }}
      />
      {typed === '' && <Key>/</Key>}
      {offered.length > 0 && (
        <div id="fields" role="listbox" aria-label="Fields" className="offered">
          {offered.map((field, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the input above takes the keys
            <div
              key={field}
              role="option"
              tabIndex={-1}
              className="item mono"
              aria-selected={index === at}
              onClick={() => {
                setTyped(`${typed.startsWith('-') ? '-' : ''}${field}:`)
                input.current?.focus()
              }}
            >
              {field}
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

function Chip({
  condition,
  onEdit,
  onRemove,
}: {
  condition: string
  onEdit: () => void
  onRemove: () => void
}) {
  const parts = parseCondition(condition)
  return (
    <span className={`chip${parts?.not ? ' not' : ''}`}>
      <button type="button" title="Edit" onClick={onEdit}>
        {parts ? (
          <>
            <span className="faint">
              {parts.not ? 'not ' : ''}
              {parts.field}
              {parts.how === '~' ? ' has ' : ' '}
            </span>
            {parts.value === '*' ? 'any' : plain(parts.value)}
          </>
        ) : (
          plain(condition)
        )}
      </button>
      <button type="button" aria-label={`Remove ${condition}`} onClick={onRemove}>
        <X size={12} />
      </button>
    </span>
  )
}
