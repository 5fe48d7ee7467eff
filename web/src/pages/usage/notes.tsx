import type { Output } from '../../api/client.ts'
import { day, plural, short } from '../../time/format.ts'
import { behindText } from '../../ui/behind.ts'
import { capital } from '../../ui/plain.ts'
import { type Dimension, missing, whyMissing } from './dimensions.ts'

type Data = Output<'usage'>

export function Notes({ data, by }: { data: Data; by: readonly Dimension[] }) {
  const notYet = behindText(data.behind)
  return (
    <small>
      {data.groups.some(({ keys }) => keys[by.indexOf('model')] === null) &&
        `${capital(missing('model'))}: ${whyMissing('model')} `}
      {by.includes('team') && `${byPeopleFile(data.teams)} `}
      {by.includes('named_team') && `${byCallers(data.teams)} `}
      {data.total.uncounted > 0 && `The logs have no tokens for ${plural(data.total.uncounted, 'call')}. `}
      {data.unpriced.length > 0 &&
        `Unpriced: ${data.unpriced.map(({ model, tokens }) => `${model ?? 'unknown'} (${short(tokens)} tokens)`).join(', ')}. `}
      {data.prices.read_on && `Prices as of ${data.prices.read_on}. `}
      SageMaker endpoints are paid by the hour, however often they are called.
      {notYet && ` ${notYet}.`}
    </small>
  )
}

function byPeopleFile({ in_people_file, changed }: Data['teams']): string {
  if (!in_people_file)
    return 'The people file names no team: a column `team` in it gives people and roles theirs.'
  const as = changed ? `, as of ${day(Date.parse(changed))}` : ''
  return `Team: by the people file${as}, that of the caller on the day of the call, else that of the role. Callers whom it does not name have no team.`
}

function byCallers({ before }: Data['teams']): string {
  const older =
    before > 0
      ? ` ${plural(before, 'call')} ${before === 1 ? 'was' : 'were'} summed up before loglake kept it, and count as none named: \`loglake follow summaries --rebuild\` mends that.`
      : ''
  return `Team as named: what callers sent as \`team\` in the metadata of a Bedrock call. Nobody verifies it.${older}`
}
