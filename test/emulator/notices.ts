/** Messages as each sender writes them, for an object in a bucket of the emulator. */
export interface Told {
  bucket: string
  key: string
  size: number
  etag: string
}

export function s3Record({ bucket, key, size, etag }: Told, eventName = 'ObjectCreated:Put'): object {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'eu-central-1',
    eventTime: '2026-01-07T22:20:11.123Z',
    eventName,
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'logs',
      bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
      object: {
        key: encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/'),
        size,
        eTag: etag,
        sequencer: '0055AED6DCD90281E5',
      },
    },
  }
}

export const s3Direct = (...all: Told[]) => JSON.stringify({ Records: all.map((one) => s3Record(one)) })
export const s3Deleted = (one: Told) => JSON.stringify({ Records: [s3Record(one, 'ObjectRemoved:Delete')] })

export function eventBridge({ bucket, key, size, etag }: Told): string {
  return JSON.stringify({
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: '111122223333',
    time: '2026-01-07T22:20:11Z',
    region: 'eu-central-1',
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: { key, size, etag, sequencer: '617f08299329d189' },
    },
  })
}

export function securityLake(one: Told): string {
  const { version: _, id: __, 'detail-type': ___, ...event } = JSON.parse(eventBridge(one))
  return JSON.stringify({ ...event, detail: { ...event.detail, requester: 'securitylake.amazonaws.com' } })
}

export const cloudTrail = (bucket: string, ...keys: string[]) =>
  JSON.stringify({ s3Bucket: bucket, s3ObjectKey: keys })

export const sns = (message: string) =>
  JSON.stringify({
    Type: 'Notification',
    MessageId: '63a3f6b6-d533-4a47-aef9-fcf5cf758c76',
    TopicArn: 'arn:aws:sns:eu-central-1:111122223333:logs',
    Message: message,
    Timestamp: '2026-01-07T22:20:12.901Z',
    SignatureVersion: '1',
  })
