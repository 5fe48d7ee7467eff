import type { Described } from '../desk.ts'
import type { NamedQuestion } from '../offline/parameters.ts'
import { stem } from '../offline/words.ts'

/** Words of prose that may stand at the start of a sentence or in capitals and name nothing. */
const PROSE =
  'a about above according account accounts across action activity actor after again agent agents all almost also although always among an and ' +
  'another answer any api are around as at aws be because been before began being below between both but by call called caller callers ' +
  'calls came can change changed changes cloudtrail came column compared count created data date day days deleted denied did ' +
  'different does done during each earlier earliest either ended endpoint error errors event events every everything exactly ' +
  'failed failures few finally finding findings first for found from further had has have he hence her here highest his hour ' +
  'hours how however i iam id if in it its indeed instead into is just key keys lake largest last later latest least less ' +
  'like list log logged login logs longest lowest made many matching maybe meanwhile mfa minute minutes model models month more ' +
  'most much multiple must named neither new newest next none nor not note nothing now number of off oldest on once only ' +
  'opened or other others our out over overall part people per period person policy possible principal prompt query ran ' +
  'rather record records refused region regions request requests resource resources result results role roles root row rows ' +
  'said same second seconds see seen service services session sessions several she shows since single so some source sources ' +
  'started stopped such sum table taken that the their them then there therefore these they this those though thus time ' +
  'times to together token tokens tool tools top total try two type under unique until up usage user users using utc ' +
  'value values very was we week were what when where whether which while who whole whose why will with within without ' +
  'would year yes yet you your bedrock sagemaker guardduty sql json arn ip s3 ec2 usd id ids ok nobody never no one'

/**
 * Words that name nothing: common ones, and those of what loglake says of its own tables and questions. Everything else that is written
 * like a name has to be in the cells that a claim cites.
 */
export function proseOf(
  tables: readonly Described[],
  questions: readonly Pick<NamedQuestion, 'title' | 'doc' | 'parameters'>[],
): (word: string) => boolean {
  const words = new Set(PROSE.split(' '))
  const stems = new Set([...words].map(stem))
  const read = (text: string) => {
    for (const word of text.toLowerCase().match(/[a-z]{2,}/g) ?? []) stems.add(stem(word))
  }
  for (const { title, doc, parameters } of questions)
    for (const text of [title, doc, ...parameters.map((one) => one.doc)]) read(text)
  for (const { name, doc, columns } of tables) {
    words.add(name.toLowerCase())
    read(doc)
    for (const column of columns) {
      words.add(column.name.toLowerCase())
      read(column.doc)
    }
  }
  return (word) => {
    const plain = word.replace(/['’]s?$/, '')
    if (words.has(plain)) return true
    // A letter alone is a name, unless it belongs to a word: `e-mail`.
    const parts = plain.split('-')
    return (
      parts.some((part) => part.length > 1) && parts.every((part) => part.length < 2 || stems.has(stem(part)))
    )
  }
}
