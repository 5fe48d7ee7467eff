/**
 * A child: receives the same messages, fetches the same objects and deletes the messages, as many at once as the source
 * does, and does nothing with them. What that takes is the emulator's.
 */
import { bareClient } from '../test/emulator/bare.ts'
import { report } from './measure.ts'

const [endpoint = '', queue = '', objects = '0'] = process.argv.slice(2)
const RECEIVERS = 4
const FETCHES = 32

interface Message {
  Body: string
  ReceiptHandle: string
}

const bare = bareClient(endpoint)
const started = performance.now()
const wanted = Number(objects)
const waiting: Message[] = []
const wakes: (() => void)[] = []
const fetched: string[] = []
let bytes = 0
let done = 0

await Promise.race([
  Promise.all([
    ...Array.from({ length: RECEIVERS }, () => receive()),
    ...Array.from({ length: FETCHES }, () => fetchSome()),
  ]),
  new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (done < wanted) return
      clearInterval(look)
      resolve()
    }, 20)
  }),
])
report({ bytes }, (performance.now() - started) / 1000)
process.exit()

async function receive(): Promise<void> {
  while (done < wanted) {
    const { Messages: messages = [] } = await bare.sqs('ReceiveMessage', {
      QueueUrl: queue,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 5,
      VisibilityTimeout: 600,
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
    })
    waiting.push(...messages)
    for (const wake of wakes.splice(0)) wake()
  }
}

async function fetchSome(): Promise<void> {
  while (done < wanted) {
    const message = waiting.shift()
    if (!message) {
      await new Promise<void>((wake) => wakes.push(wake))
      continue
    }
    const { Records: records = [] } = JSON.parse(message.Body)
    for (const { s3 } of records) {
      const key = decodeURIComponent(s3.object.key.replaceAll('+', ' '))
      bytes += (await bare.get(s3.bucket.name, key)).length
    }
    fetched.push(message.ReceiptHandle)
    if (fetched.length >= 10 || done + fetched.length >= wanted) await remove(fetched.splice(0, 10))
    done += records.length
  }
}

async function remove(handles: readonly string[]): Promise<void> {
  const Entries = handles.map((ReceiptHandle, at) => ({ Id: String(at), ReceiptHandle }))
  await bare.sqs('DeleteMessageBatch', { QueueUrl: queue, Entries })
}
