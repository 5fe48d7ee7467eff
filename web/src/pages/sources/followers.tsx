import type { Output } from '../../api/client.ts'
import { plural, span } from '../../time/format.ts'
import { plain } from '../../ui/plain.ts'
import { ShortTable } from '../../ui/short-table.tsx'

export function Followers({ data: { followers } }: { data: Output<'sources'> }) {
  return (
    <ShortTable
      label="Followers"
      rows={followers}
      keyOf={({ name }) => name}
      none="No follower has run."
      fields={[
        { title: 'Follower', cell: ({ name }) => <span className="mono">{name}</span> },
        { title: 'State', cell: ({ state }) => plain(state) },
        {
          title: 'Behind',
          right: true,
          cell: ({ behind: { rows, ms } }) =>
            rows > 0 ? (
              <span className="amber">
                {plural(rows, 'row')}, {span(ms)}
              </span>
            ) : (
              <span className="green">up to date</span>
            ),
        },
      ]}
    />
  )
}
