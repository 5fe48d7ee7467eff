/** Words that are also names of people: they are prose only in small letters and in the list of prose. */
export const GIVEN_NAMES = words(
  'will may mark bill grant max rose art sue pat frank jack dean chase drew guy hope joy faith grace penny ray rob rich don mike nick bob gene dale ' +
    'april june august alice bob carol dave eve mallory trent peggy victor walter ana anna sam alex chris kim lee jordan morgan taylor robin dana ' +
    'miles pierce ward page case cole reed wade lance victoria ruby amber crystal iris ivy lily violet olive ginger sandy dusty rusty sonny buddy',
)

/** Words for actors: they name somebody, so they have to be in the rows. */
export const ACTORS = words(
  'root admin admins administrator administrators operator operators analyst auditor developer contractor insider superuser attacker attackers intruder hacker ' +
    'thief amazon anthropic google microsoft openai',
)

/** Short names of AWS's services, as sentences have them. */
export const SERVICES = words(
  's3 ec2 iam sts kms sns sqs ssm rds ecs eks ecr elb vpc waf cloudfront cloudwatch cloudformation dynamodb lambda bedrock sagemaker guardduty macie ' +
    'secretsmanager glue athena redshift kinesis firehose route53 apigateway cognito lightsail efs fsx emr opensearch ' +
    'elasticache neptune securityhub sso codebuild codepipeline codecommit eventbridge stepfunctions appsync amplify workspaces ses ' +
    'datasync snowball storagegateway fargate',
)

/** Services whose names are also words of prose: in small letters they name nothing. */
export const SERVICES_LIKE_WORDS = words(
  'config connect transfer batch backup detective inspector organizations',
)

/** Words that carry no statement of their own. */
export const GENERIC = words(
  'a about above according across after again all almost also although always am among an and another answer any anybody anyone anything anywhere are as at be ' +
    'because been before began being below between both but by call called calls came can column count counts did do does during each either entries entry ever ' +
    'every everything exactly few finally for found from further given had has have he hence her here his how however i if in indeed instead into is it its ' +
    'just lake least less like list log logged logs many matching maybe meanwhile more most much must neither never no nobody none nor not nothing nowhere ' +
    'now number of off on once one only or other others our out over overall own part possible rather record recorded records result results row rows said ' +
    'same seen several shown she shows since single so some span such sum table taken than that the their them then there therefore these they this those ' +
    'though thus time times to together too total two under until up upon us value values very was we were what when where whether which while who whole whom ' +
    'whose why with within without would yes yet you your aws cloudtrail loglake event events happened happen made make occurred utc activity data',
)

/** Words of prose that may stand at the start of a sentence or in capitals and name nothing. */
export const PROSE = words(
  [...GENERIC].join(' ') +
    ' additionally against altogether apiece combined denial denials followed nearly quietest shortest smallest approximately busiest climbed decreased declined dropped fell fewer furthermore grew increased jumped ' +
    'likewise moreover namely repeated repeatedly respectively rose roughly shrank similarly successful ' +
    'often may will account accounts action activity actor agent agents api apis around caller callers change changed changes compared created date day days deleted denied ' +
    'different done earlier earliest ended endpoint error errors failed failures finding findings first highest hour hours id ids ok key keys largest last later ' +
    'latest login logins longest lowest mfa minute minutes model models month multiple named new newest next note oldest opened people per period person ' +
    'policy principal prompt query ran refused region regions request requests resource resources role roles second seconds see service services session ' +
    'sessions started stopped taken tried token tokens tool tools top try type unique usage user users using want week year sql json arn ip usd granted ' +
    'grants marked billed access source sources address addresses name names identity identities',
)

/** An analyst's words for judging rows. None of them names anybody or anything. */
export const ANALYST = words(
  'point port ports abuse abused access accessed activity added allow allowed allowing allows alone appear appears associated attempt attempted attempts attention attribute ' +
    'authorized backdoor bad batch begun behaviour behavior belong belongs blinds brute bucket buckets burst bursts calling checked cloud combination combined command ' +
    'common concern concerning configuration confirm consistent could credential credentials critical cross data deletion deserves detection disabled ' +
    'discovery discouraged elevated encrypted enumerated enumeration environment escalate escalates escalation evade evasion evidence excessive execution ' +
    'exfiltration expected exposed exposing exposure external failed failing file files followed force full future gave gives giving group groups guard guards ' +
    'high history impact important incident indicate indicates indicating individual instance instances internal investigate investigated investigation kind kinds ' +
    'known lateral left level likely listed listing listings logging long look looked looks low machine malicious management may medium message messages might misuse ' +
    'modified monitoring movement needs network normal notable object objects observed odd operation operations order ordinary outside pattern performed ' +
    'permission permissions persistence persistent place possibly potential potentially privilege privileged privileges probable probably probing public ' +
    'questionable quickly read reading reason recon reconnaissance recording removed repeated repeatedly require requires review reviewed risk risky routine ' +
    'run running scan scanning script secret secrets security seems sensitive sequence series severe severity should shows sign signs significant similar snapshot ' +
    'something somebody someone started state step stopped successful suggest suggesting suggests suspicious switched takes target targeted telemetry test tests ' +
    'threat throughout trail trails treat tries turned types typical unauthorized unexpected unknown unusual update updated used usually valid verified verify ' +
    'visibility volume warrants way wide work working worth write writes written wrote',
)

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '))
}
