import { createServer } from 'node:http'
import type { SignKey, Trail } from './chain.ts'

/** CloudTrail and Organizations as far as `validate-logs` asks them: keys, trails, the organisation. Nothing here signs or judges. */
export async function startStandIn(keys: () => readonly SignKey[], trails: () => readonly Trail[]) {
  const asked: string[] = []
  /** Whoever asks for keys waits until so many ask. */
  let [together, waiting] = [1, [] as (() => void)[]]
  const atOnce = async () => {
    await new Promise<void>((go) => {
      waiting.push(go)
      if (waiting.length < together) return
      for (const one of waiting) one()
      ;[together, waiting] = [1, []]
    })
  }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', async () => {
      const action = String(request.headers['x-amz-target']).split('.').at(-1) as string
      asked.push(action)
      if (action === 'ListPublicKeys') await atOnce()
      const input = JSON.parse(body || '{}')
      const answer = answers[action]?.(input)
      response.writeHead(answer ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' })
      response.end(JSON.stringify(answer ?? { __type: 'UnknownOperationException' }))
    })
  })
  const answers: Record<string, (input: Record<string, unknown>) => object> = {
    ListPublicKeys: () => ({
      PublicKeyList: keys().map(({ der, fingerprint }) => ({
        Value: der.toString('base64'),
        Fingerprint: fingerprint,
        ValidityStartTime: 1_767_225_600,
        ValidityEndTime: 1_800_000_000,
      })),
    }),
    DescribeTrails: ({ trailNameList }) => ({
      trailList: trails()
        .filter(({ arn }) => (trailNameList as string[] | undefined)?.includes(arn) ?? true)
        .map(({ arn, bucket, prefix, organization, home }) => ({
          Name: arn.split('/').at(-1),
          TrailARN: arn,
          S3BucketName: bucket,
          ...(prefix ? { S3KeyPrefix: prefix } : {}),
          HomeRegion: home,
          IsOrganizationTrail: organization !== undefined,
        })),
    }),
    DescribeOrganization: () => ({ Organization: { Id: 'o-exampleorg' } }),
  }
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    asked,
    /** The next who ask for keys are answered together, once there are so many. */
    answerTogether: (count: number) => {
      together = count
    },
    stop: () => new Promise((done) => server.close(done)),
  }
}
