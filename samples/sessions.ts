// The privileged sessions of the week, each with its person's other activity; some refused, some without an
// end.
import { EU, instanceId, type Json, ML, PROD, US } from './organisation.ts'

type Step = [service: string, name: string, request: Json, refused?: 'refused']

export interface PrivilegedSession {
  who: string
  day: number
  clock: string
  minutes: number
  account: string
  region: string
  target: string
  document?: string
  // Session ids once had 17 hex digits, and have 26 letters and digits since.
  id: 'hex' | 'letters'
  refused?: boolean
  resumed?: boolean
  end: 'by person' | 'by security' | 'none'
  around?: Step[]
}

const SECRET: Step = ['secretsmanager', 'GetSecretValue', { secretId: 'orders/database' }]
const LOOK: Step = ['ssm', 'DescribeInstanceInformation', { maxResults: 50 }]
const STATUS: Step = ['ec2', 'DescribeInstanceStatus', { instancesSet: {}, filterSet: {} }]
const REBOOT: Step = [
  'ec2',
  'RebootInstances',
  { instancesSet: { items: [{ instanceId: instanceId(PROD, 'worker-1') }] } },
]
const FORWARD = 'AWS-StartPortForwardingSessionToRemoteHost'

export const SESSIONS: PrivilegedSession[] = [
  {
    who: 'emil',
    day: 0,
    clock: '09:12:20',
    minutes: 18,
    account: PROD,
    region: EU,
    target: 'web-1',
    id: 'hex',
    end: 'by person',
    around: [LOOK, STATUS],
  },
  {
    who: 'bruno',
    day: 0,
    clock: '13:40:02',
    minutes: 6,
    account: PROD,
    region: US,
    target: 'worker-1',
    id: 'hex',
    end: 'by person',
    around: [LOOK],
  },
  {
    who: 'chen',
    day: 0,
    clock: '18:22:47',
    minutes: 0,
    account: ML,
    region: US,
    target: 'bastion',
    id: 'hex',
    refused: true,
    end: 'none',
    around: [LOOK],
  },
  {
    who: 'jonas',
    day: 1,
    clock: '21:56:39',
    minutes: 41,
    account: PROD,
    region: US,
    target: 'worker-1',
    id: 'hex',
    resumed: true,
    end: 'by person',
    around: [
      LOOK,
      STATUS,
      SECRET,
      [
        'ssm',
        'PutParameter',
        { name: '/orders/limits', type: 'String', value: 'HIDDEN_DUE_TO_SECURITY_REASONS', overwrite: true },
      ],
      REBOOT,
    ],
  },
  {
    who: 'alice',
    day: 1,
    clock: '16:05:09',
    minutes: 52,
    account: ML,
    region: US,
    target: 'bastion',
    id: 'letters',
    document: FORWARD,
    end: 'by person',
    around: [LOOK],
  },
  {
    who: 'emil',
    day: 2,
    clock: '10:12:55',
    minutes: 9,
    account: PROD,
    region: EU,
    target: 'web-2',
    id: 'letters',
    end: 'by person',
    around: [
      STATUS,
      ['logs', 'FilterLogEvents', { logGroupName: '/aws/lambda/orders-api', filterPattern: 'ERROR' }],
    ],
  },
  {
    who: 'kofi',
    day: 2,
    clock: '13:44:31',
    minutes: 25,
    account: ML,
    region: US,
    target: 'bastion',
    id: 'hex',
    end: 'by person',
    around: [LOOK, ['sagemaker', 'ListEndpoints', { maxResults: 100 }]],
  },
  {
    who: 'farah',
    day: 2,
    clock: '14:20:18',
    minutes: 0,
    account: ML,
    region: US,
    target: 'bastion',
    id: 'hex',
    refused: true,
    end: 'none',
  },
  {
    who: 'goran',
    day: 3,
    clock: '02:11:03',
    minutes: 0,
    account: PROD,
    region: US,
    target: 'web-1',
    id: 'hex',
    refused: true,
    end: 'none',
    around: [LOOK],
  },
  {
    who: 'goran',
    day: 3,
    clock: '02:12:40',
    minutes: 0,
    account: PROD,
    region: US,
    target: 'worker-1',
    id: 'hex',
    refused: true,
    end: 'none',
  },
  {
    who: 'goran',
    day: 3,
    clock: '02:17:26',
    minutes: 34,
    account: PROD,
    region: US,
    target: 'bastion',
    id: 'letters',
    end: 'by security',
    around: [
      SECRET,
      ['s3', 'ListBuckets', { Host: `s3.${US}.amazonaws.com` }],
      ['iam', 'CreateUser', { userName: 'support-temp' }],
      ['iam', 'CreateAccessKey', { userName: 'support-temp' }, 'refused'],
      ['cloudtrail', 'StopLogging', { name: 'organisation-trail' }, 'refused'],
      [
        'ec2',
        'AuthorizeSecurityGroupIngress',
        {
          groupId: 'sg-0example0bastion0',
          ipPermissions: {
            items: [
              { ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } },
            ],
          },
        },
      ],
    ],
  },
  {
    who: 'break-glass',
    day: 3,
    clock: '09:31:15',
    minutes: 14,
    account: PROD,
    region: US,
    target: 'bastion',
    id: 'letters',
    end: 'by person',
    around: [
      ['iam', 'DeleteUser', { userName: 'support-temp' }],
      ['ec2', 'RevokeSecurityGroupIngress', { groupId: 'sg-0example0bastion0' }],
    ],
  },
  {
    who: 'bruno',
    day: 4,
    clock: '15:02:08',
    minutes: 0,
    account: PROD,
    region: US,
    target: 'web-2',
    id: 'letters',
    end: 'none',
  },
  {
    who: 'jonas',
    day: 4,
    clock: '17:30:44',
    minutes: 21,
    account: PROD,
    region: US,
    target: 'web-1',
    id: 'letters',
    end: 'by person',
    around: [LOOK, STATUS],
  },
]
