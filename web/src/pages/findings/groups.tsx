import type { Output } from '../../api/client.ts'
import { useAddress } from '../../search.ts'
import { dayTime, ms, plural } from '../../time/format.ts'
import { plain } from '../../ui/plain.ts'
import { Severity } from '../../ui/severity.tsx'

type Group = 'none' | 'rule' | 'who' | 'account'

export function Groups({
  groups,
  by,
  where,
}: {
  groups: Output<'findings'>['groups']
  by: Group
  where: string[]
}) {
  const { change } = useAddress()
  return (
    <div className="groups">
      {groups.map(({ key, findings, newest, severity }) => (
        <button
          key={key ?? ''}
          type="button"
          className="card"
          onClick={() =>
            change({ q: [...where, key === null ? `-${by}:*` : `${by}:${key}`], group: undefined })
          }
        >
          <Severity of={severity} />
          <b className="cut">{plain(key ?? 'none')}</b>
          <small>
            {plural(findings, 'finding')}
            {ms(newest) !== undefined && `, newest ${dayTime(ms(newest) as number)}`}
          </small>
        </button>
      ))}
    </div>
  )
}
