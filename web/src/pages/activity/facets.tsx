import { useState } from 'react'
import { useAsk } from '../../api/client.ts'
import { number, short } from '../../time/format.ts'
import { Fold } from '../../ui/fold.tsx'
import { shortRole } from '../../ui/identity.ts'
import { plain } from '../../ui/plain.ts'
import { Part } from '../../ui/states.tsx'
import { NAMES } from './fields.ts'

export function Facets({
  from,
  to,
  where,
  known,
  onAdd,
}: {
  from: string
  to: string
  where: string[]
  known: boolean
  onAdd: (condition: string) => void
}) {
  const facets = useAsk('activity-facets', { from, to, where, values: 8 }, known)
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set(['sourceipaddress', 'actor_kind']))
  return (
    <Fold className="facets" label="Values" title="Filter by a value">
      <Part of={facets}>
        {({ facets: found, counted, why }) =>
          counted === 'no' ? (
            <p className="notice">Not counted: {why ?? 'narrow the span to a day.'}</p>
          ) : (
            <div>
              {found.map(({ field, distinct, values }) => (
                <section key={field}>
                  <button
                    type="button"
                    className="title"
                    aria-expanded={!closed.has(field)}
                    onClick={() =>
                      setClosed((before) => {
                        const next = new Set(before)
                        if (!next.delete(field)) next.add(field)
                        return next
                      })
                    }
                  >
                    {NAMES[field] ?? field} <small className="num">{number(distinct)}</small>
                  </button>
                  {!closed.has(field) && (
                    <ul>
                      {values.map(({ value, events }) => {
                        const condition = value === null ? `-${field}:*` : `${field}:${value}`
                        const words =
                          field === 'errorcode' && value === null
                            ? 'done'
                            : value === null
                              ? 'none'
                              : plain(shortRole(value).replace(/\.amazonaws\.com$/, ''))
                        return (
                          <li key={condition}>
                            <button
                              type="button"
                              title={`Filter for ${value ?? words}`}
                              onClick={() => onAdd(condition)}
                            >
                              <span className="cut">{words}</span>
                              <small className="num">{short(events)}</small>
                            </button>
                            <button
                              type="button"
                              className="out"
                              aria-label={`Filter out ${words}`}
                              onClick={() => onAdd(value === null ? `${field}:*` : `-${condition}`)}
                            >
                              −
                            </button>
                          </li>
                        )
                      })}
                    </ul>
                  )}
                </section>
              ))}
            </div>
          )
        }
      </Part>
    </Fold>
  )
}
