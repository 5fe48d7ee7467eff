import type { Output } from '../../api/client.ts'
import { number } from '../../time/format.ts'
import { ShortTable } from '../../ui/short-table.tsx'
import { When } from '../../ui/when.tsx'

export function LogTypes({ data: { logtypes } }: { data: Output<'sources'> }) {
  return (
    <ShortTable
      label="Tables"
      rows={logtypes}
      keyOf={({ name }) => name}
      fields={[
        {
          title: 'Table',
          cell: ({ name }) => (
            <span className="mono" title={name}>
              {name}
            </span>
          ),
        },
        { title: 'Rows', width: 84, right: true, cell: ({ rows }) => number(rows) },
        {
          title: 'Objects',
          width: 84,
          right: true,
          cell: ({ objects }) => <span className="faint">{number(objects)}</span>,
        },
        {
          title: 'Newest',
          width: 138,
          cell: ({ newest }) => (
            <span className="soft">
              <When at={newest} none="none" />
            </span>
          ),
        },
      ]}
    />
  )
}
