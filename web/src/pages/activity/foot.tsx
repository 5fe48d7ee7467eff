import type { Output } from '../../api/client.ts'
import { useAddress } from '../../search.ts'
import { dayTime, ms, number, plural } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { FIELDS } from './fields.ts'

export function Foot({
  count,
  total,
  last,
  fetching,
  onDeeper,
}: {
  count: number
  total: number | undefined
  last: Output<'activity'> | undefined
  fetching: boolean
  onDeeper: () => void
}) {
  const { change, list } = useAddress()
  const columns = list('cols')
  const reached = ms(last?.reached)
  return (
    <>
      <span>
        {total !== undefined && total > count
          ? `${number(count)} of ${number(total)}, newest first`
          : plural(count, 'event')}
        {fetching && ' · loading more'}
      </span>
      {last?.stopped && reached !== undefined && (
        <>
          <span className="amber">Searched a day of rows, back to {dayTime(reached).slice(0, -3)}.</span>
          <Button look="quiet" onClick={onDeeper}>
            Search further
          </Button>
        </>
      )}
      <span className="spring" />
      {last !== undefined && last.files.all > 0 && (
        <span className="files">
          {number(last.files.read)} of {plural(last.files.all, 'file')} read
        </span>
      )}
      <select
        className="input columns"
        aria-label="Add or remove a column"
        value=""
        onChange={({ target: { value } }) => {
          const without = columns.filter((column) => column !== value)
          const next = without.length < columns.length ? without : [...columns, value]
          change({ cols: next.length > 0 ? next : undefined }, { replace: true })
        }}
      >
        <option value="">Columns…</option>
        {columns.length > 0 && (
          <optgroup label="Remove">
            {columns.map((column) => (
              <option key={column}>{column}</option>
            ))}
          </optgroup>
        )}
        <optgroup label="Add">
          {FIELDS.filter((field) => !columns.includes(field)).map((field) => (
            <option key={field}>{field}</option>
          ))}
        </optgroup>
      </select>
    </>
  )
}
