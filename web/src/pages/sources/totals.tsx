import type { Output } from '../../api/client.ts'
import { number, plural } from '../../time/format.ts'

type Data = Output<'sources'>

export function Totals({ data: { total, holes } }: { data: Data }) {
  const { records, objects, percent } = total
  return (
    <>
      <p className={`notice ${percent.records === 100 && percent.objects === 100 ? 'green' : 'amber'}`}>
        <b>
          {percent.objects} % of the objects and {percent.records} % of the records are stored.
        </b>
        <span>
          {number(records.read)} records read = {number(records.stored)} stored + {number(records.repeated)}{' '}
          repeated + {number(records.skipped)} skipped + {number(records.rejected)} rejected, from{' '}
          {plural(objects.read, 'object')}
        </span>
      </p>
      {holes.map(({ place, account, region, service, from, to }) => (
        <p key={`${place}${account}${region}${service}${from}`} className="notice amber">
          No file of {service} from {account}, {region}, between {from} and {to}, where files came before and
          after.
        </p>
      ))}
    </>
  )
}
