import { expect, it } from 'vitest'
import { regionOfQueue } from './region.ts'

it.each([
  ['https://sqs.eu-central-1.amazonaws.com/111122223333/logs', 'eu-central-1'],
  ['https://SQS.EU-Central-1.amazonaws.com:443/111122223333/logs', 'eu-central-1'],
  ['https://ap-southeast-2.queue.amazonaws.com/111122223333/logs', 'ap-southeast-2'],
  ['https://queue.amazonaws.com/111122223333/logs', 'us-east-1'],
  ['https://vpce-0c1d-2e3f.sqs.ca-west-1.vpce.amazonaws.com/111122223333/logs', 'ca-west-1'],
  ['https://vpce-0c1d-2e3f-us-east-1a.sqs.us-east-1.vpce.amazonaws.com/111122223333/logs', 'us-east-1'],
  ['https://sqs-fips.us-west-1.amazonaws.com/111122223333/logs', 'us-west-1'],
  ['https://sqs.mx-central-1.api.aws/111122223333/logs', 'mx-central-1'],
  ['https://sqs-fips.us-gov-east-1.api.aws/111122223333/logs', 'us-gov-east-1'],
  ['https://sqs.us-gov-west-1.amazonaws.com/111122223333/logs', 'us-gov-west-1'],
  ['https://sqs.cn-northwest-1.amazonaws.com.cn/111122223333/logs', 'cn-northwest-1'],
  ['https://cn-north-1.queue.amazonaws.com.cn/111122223333/logs', 'cn-north-1'],
  ['https://sqs.cn-north-1.api.amazonwebservices.com.cn/111122223333/logs', 'cn-north-1'],
  ['https://sqs.us-iso-west-1.c2s.ic.gov/111122223333/logs', 'us-iso-west-1'],
  ['https://vpce-0c1d.sqs.us-isob-east-1.vpce.sc2s.sgov.gov/111122223333/logs', 'us-isob-east-1'],
  ['https://sqs.eu-isoe-west-1.cloud.adc-e.uk/111122223333/logs', 'eu-isoe-west-1'],
  ['https://sqs.us-isof-south-1.csp.hci.ic.gov/111122223333/logs', 'us-isof-south-1'],
  ['https://sqs.eusc-de-east-1.amazonaws.eu/111122223333/logs', 'eusc-de-east-1'],
  ['https://sqs.eusc-de-east-1.api.amazonwebservices.eu/111122223333/logs', 'eusc-de-east-1'],
  ['http://localhost:9324/000000000000/logs', undefined],
  ['https://queue.example.com/eu-central-1/logs', undefined],
  ['https://sqs.example.com/111122223333/logs', undefined],
  ['https://', undefined],
])('%s is in %s', (url, region) => {
  expect(regionOfQueue(url)).toBe(region)
})
