/**
 * The rules of gitleaks 8 (config/gitleaks.toml), MIT License, Copyright (c) 2019 Zachary Rice; see
 * LICENSE.md beside this file. Changed: regular expressions are written for JavaScript, those of assignments
 * begin at their word, and paths are omitted.
 */
export interface SecretRule {
  id: string
  doc: string
  /**
   * The beginning of a match, in lower case; or a text a fixed number of characters after the beginning
   * (`back`).
   */
  anchors: readonly string[]
  back?: readonly number[]
  /** The text must contain one of these words. */
  gate?: readonly string[]
  source: string
  /** The secret must have more than this entropy, in bits per character. */
  entropy?: number
  /** `assignment`: a word, a sign and a value. `whole`: no anchor, the pattern is searched in the text. */
  kind?: 'assignment' | 'whole'
}

export interface Allowed {
  target: 'secret' | 'match' | 'line'
  regexes: readonly string[]
  stopwords: readonly string[]
}

export const rules: readonly SecretRule[] = [
  {
    id: '1password-secret-key',
    doc: 'Uncovered a possible 1Password secret key, potentially compromising access to secrets in vaults.',
    anchors: ['a3-'],
    source:
      '\\bA3-[A-Z0-9]{6}-(?:(?:[A-Z0-9]{11})|(?:[A-Z0-9]{6}-[A-Z0-9]{5}))-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}\\b',
    entropy: 3.8,
  },
  {
    id: '1password-service-account-token',
    doc: 'Uncovered a possible 1Password service account token, potentially compromising access to secrets in vaults.',
    anchors: ['ops_'],
    source: 'ops_eyJ[a-zA-Z0-9+/]{250,}={0,3}',
    entropy: 4,
  },
  {
    id: 'adafruit-api-key',
    doc: 'Identified a potential Adafruit API Key, which could lead to unauthorized access to Adafruit services and sensitive data exposure.',
    anchors: ['adafruit'],
    source:
      '(?:[aA][dD][aA][fF][rR][uU][iI][tT])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9_-]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'adobe-client-id',
    doc: 'Detected a pattern that resembles an Adobe OAuth Web Client ID, posing a risk of compromised Adobe integrations and data breaches.',
    anchors: ['adobe'],
    source:
      '(?:[aA][dD][oO][bB][eE])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-fA-F0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 2,
    kind: 'assignment',
  },
  {
    id: 'adobe-client-secret',
    doc: 'Discovered a potential Adobe Client Secret, which, if exposed, could allow unauthorized Adobe service access and data manipulation.',
    anchors: ['p8e-'],
    source: '\\b(p8e-[a-zA-Z0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 2,
  },
  {
    id: 'age-secret-key',
    doc: 'Discovered a potential Age encryption tool secret key, risking data decryption and unauthorized access to sensitive information.',
    anchors: ['age-secret-key-1'],
    source: 'AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}',
  },
  {
    id: 'airtable-api-key',
    doc: 'Uncovered a possible Airtable API Key, potentially compromising database access and leading to data leakage or alteration.',
    anchors: ['airtable'],
    source:
      '(?:[aA][iI][rR][tT][aA][bB][lL][eE])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{17})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'airtable-personnal-access-token',
    doc: 'Uncovered a possible Airtable Personal AccessToken, potentially compromising database access and leading to data leakage or alteration.',
    anchors: ['pat'],
    gate: ['airtable'],
    source: '\\b(pat[a-zA-Z0-9]{14}\\.[a-f0-9]{64})\\b',
  },
  {
    id: 'algolia-api-key',
    doc: 'Identified an Algolia API Key, which could result in unauthorized search operations and data exposure on Algolia-managed platforms.',
    anchors: ['algolia'],
    source:
      '(?:[aA][lL][gG][oO][lL][iI][aA])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'alibaba-access-key-id',
    doc: 'Detected an Alibaba Cloud AccessKey ID, posing a risk of unauthorized cloud resource access and potential data compromise.',
    anchors: ['ltai'],
    source: '\\b(LTAI[a-zA-Z0-9]{20})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 2,
  },
  {
    id: 'alibaba-secret-key',
    doc: 'Discovered a potential Alibaba Cloud Secret Key, potentially allowing unauthorized operations and data access within Alibaba Cloud.',
    anchors: ['alibaba'],
    source:
      '(?:[aA][lL][iI][bB][aA][bB][aA])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{30})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 2,
    kind: 'assignment',
  },
  {
    id: 'anthropic-admin-api-key',
    doc: 'Detected an Anthropic Admin API Key, risking unauthorized access to administrative functions and sensitive AI model configurations.',
    anchors: ['sk-ant-admin01'],
    source: '\\b(sk-ant-admin01-[a-zA-Z0-9_\\-]{93}AA)(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
  },
  {
    id: 'anthropic-api-key',
    doc: 'Identified an Anthropic API Key, which may compromise AI assistant integrations and expose sensitive data to unauthorized access.',
    anchors: ['sk-ant-api03'],
    source: '\\b(sk-ant-api03-[a-zA-Z0-9_\\-]{93}AA)(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
  },
  {
    id: 'artifactory-api-key',
    doc: 'Detected an Artifactory api key, posing a risk unauthorized access to the central repository.',
    anchors: ['akcp'],
    source: '\\bAKCp[A-Za-z0-9]{69}\\b',
    entropy: 4.5,
  },
  {
    id: 'artifactory-reference-token',
    doc: 'Detected an Artifactory reference token, posing a risk of impersonation and unauthorized access to the central repository.',
    anchors: ['cmvmd'],
    source: '\\bcmVmd[A-Za-z0-9]{59}\\b',
    entropy: 4.5,
  },
  {
    id: 'asana-client-id',
    doc: 'Discovered a potential Asana Client ID, risking unauthorized access to Asana projects and sensitive task information.',
    anchors: ['asana'],
    source:
      '(?:[aA][sS][aA][nN][aA])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([0-9]{16})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'asana-client-secret',
    doc: 'Identified an Asana Client Secret, which could lead to compromised project management integrity and unauthorized access.',
    anchors: ['asana'],
    source:
      '(?:[aA][sS][aA][nN][aA])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'atlassian-api-token',
    doc: 'Detected an Atlassian API token, posing a threat to project management and collaboration tool security and data confidentiality.',
    anchors: ['atlassian', 'confluence', 'jira'],
    source:
      '(?:(?:ATLASSIAN|[Aa]tlassian)|(?:CONFLUENCE|[Cc]onfluence)|(?:JIRA|[Jj]ira))(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{20}[a-fA-F0-9]{4})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)|\\b([Aa][Tt][Aa][Tt][Tt]3[A-Za-z0-9_\\-=]{186})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 3.5,
    kind: 'assignment',
  },
  {
    id: 'authress-service-client-access-key',
    doc: 'Uncovered a possible Authress Service Client Access Key, which may compromise access control services and sensitive data.',
    anchors: ['sc_', 'ext_', 'scauth_', 'authress_'],
    source:
      '\\b((?:sc|ext|scauth|authress)_[a-zA-Z0-9]{5,30}\\.[a-zA-Z0-9]{4,6}\\.(?:acc)[_-][a-zA-Z0-9-]{10,32}\\.[a-zA-Z0-9+/_=-]{30,120})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 2,
  },
  {
    id: 'aws-access-token',
    doc: 'Identified a pattern that may indicate AWS credentials, risking unauthorized cloud resource access and data breaches on AWS platforms.',
    anchors: ['a3t', 'akia', 'asia', 'abia', 'acca'],
    source: '\\b((?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})\\b',
    entropy: 3,
  },
  {
    id: 'aws-amazon-bedrock-api-key-long-lived',
    doc: 'Identified a pattern that may indicate long-lived Amazon Bedrock API keys, risking unauthorized Amazon Bedrock usage',
    anchors: ['absk'],
    source: '\\b(ABSK[A-Za-z0-9+/]{109,269}={0,2})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
  },
  {
    id: 'aws-amazon-bedrock-api-key-short-lived',
    doc: 'Identified a pattern that may indicate short-lived Amazon Bedrock API keys, risking unauthorized Amazon Bedrock usage',
    anchors: ['bedrock-api-key-'],
    source: 'bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t',
    entropy: 3,
  },
  {
    id: 'azure-ad-client-secret',
    doc: 'Azure AD Client Secret',
    anchors: ['q~'],
    back: [5, 4],
    source:
      '(?:^|[\\\\\'"\\x60\\s>=:(,)])([a-zA-Z0-9_~.]{3}\\dQ~[a-zA-Z0-9_~.-]{31,34})(?:$|[\\\\\'"\\x60\\s<),])',
    entropy: 3,
  },
  {
    id: 'beamer-api-token',
    doc: 'Detected a Beamer API token, potentially compromising content management and exposing sensitive notifications and updates.',
    anchors: ['beamer'],
    source:
      '(?:[bB][eE][aA][mM][eE][rR])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([bB]_[a-zA-Z0-9=_\\-]{44})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'bitbucket-client-id',
    doc: 'Discovered a potential Bitbucket Client ID, risking unauthorized repository access and potential codebase exposure.',
    anchors: ['bitbucket'],
    source:
      '(?:[bB][iI][tT][bB][uU][cC][kK][eE][tT])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'bitbucket-client-secret',
    doc: 'Discovered a potential Bitbucket Client Secret, posing a risk of compromised code repositories and unauthorized access.',
    anchors: ['bitbucket'],
    source:
      '(?:[bB][iI][tT][bB][uU][cC][kK][eE][tT])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9=_\\-]{64})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'bittrex-access-key',
    doc: 'Identified a Bittrex Access Key, which could lead to unauthorized access to cryptocurrency trading accounts and financial loss.',
    anchors: ['bittrex'],
    source:
      '(?:[bB][iI][tT][tT][rR][eE][xX])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'bittrex-secret-key',
    doc: 'Detected a Bittrex Secret Key, potentially compromising cryptocurrency transactions and financial security.',
    anchors: ['bittrex'],
    source:
      '(?:[bB][iI][tT][tT][rR][eE][xX])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'cisco-meraki-api-key',
    doc: 'Cisco Meraki is a cloud-managed IT solution that provides networking, security, and device management through an easy-to-use interface.',
    anchors: ['meraki'],
    source:
      '(?:(?:(?:[Mm]eraki|MERAKI))(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3})(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([0-9a-f]{40})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
    kind: 'assignment',
  },
  {
    id: 'clickhouse-cloud-api-secret-key',
    doc: 'Identified a pattern that may indicate clickhouse cloud API secret key, risking unauthorized clickhouse cloud api access and data breaches on ClickHouse Cloud platforms.',
    anchors: ['4b1d'],
    source: '\\b(4b1d[A-Za-z0-9]{38})\\b',
    entropy: 3,
  },
  {
    id: 'clojars-api-token',
    doc: 'Uncovered a possible Clojars API token, risking unauthorized access to Clojure libraries and potential code manipulation.',
    anchors: ['clojars_'],
    source: '[Cc][Ll][Oo][Jj][Aa][Rr][Ss]_[a-zA-Z0-9]{60}',
    entropy: 2,
  },
  {
    id: 'cloudflare-api-key',
    doc: 'Detected a Cloudflare API Key, potentially compromising cloud application deployments and operational security.',
    anchors: ['cloudflare'],
    source:
      '(?:[cC][lL][oO][uU][dD][fF][lL][aA][rR][eE])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9_-]{40})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 2,
    kind: 'assignment',
  },
  {
    id: 'cloudflare-global-api-key',
    doc: 'Detected a Cloudflare Global API Key, potentially compromising cloud application deployments and operational security.',
    anchors: ['cloudflare'],
    source:
      '(?:[cC][lL][oO][uU][dD][fF][lL][aA][rR][eE])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-fA-F0-9]{37})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 2,
    kind: 'assignment',
  },
  {
    id: 'cloudflare-origin-ca-key',
    doc: 'Detected a Cloudflare Origin CA Key, potentially compromising cloud application deployments and operational security.',
    anchors: ['v1.0-'],
    source: '\\b(v1\\.0-[a-f0-9]{24}-[a-f0-9]{146})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 2,
  },
  {
    id: 'codecov-access-token',
    doc: 'Found a pattern resembling a Codecov Access Token, posing a risk of unauthorized access to code coverage reports and sensitive data.',
    anchors: ['codecov'],
    source:
      '(?:[cC][oO][dD][eE][cC][oO][vV])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'cohere-api-token',
    doc: 'Identified a Cohere Token, posing a risk of unauthorized access to AI services and data manipulation.',
    anchors: ['co_api_key', 'cohere'],
    source:
      '(?:(?:[cC][oO][hH][eE][rR][eE]|[Cc][Oo]_[Aa][Pp][Ii]_[Kk][Ee][Yy])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3})(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{40})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 4,
    kind: 'assignment',
  },
  {
    id: 'coinbase-access-token',
    doc: 'Detected a Coinbase Access Token, posing a risk of unauthorized access to cryptocurrency accounts and financial transactions.',
    anchors: ['coinbase'],
    source:
      '(?:[cC][oO][iI][nN][bB][aA][sS][eE])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9_-]{64})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'confluent-access-token',
    doc: 'Identified a Confluent Access Token, which could compromise access to streaming data platforms and sensitive data flow.',
    anchors: ['confluent'],
    source:
      '(?:[cC][oO][nN][fF][lL][uU][eE][nN][tT])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{16})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'confluent-secret-key',
    doc: 'Found a Confluent Secret Key, potentially risking unauthorized operations and data access within Confluent services.',
    anchors: ['confluent'],
    source:
      '(?:[cC][oO][nN][fF][lL][uU][eE][nN][tT])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{64})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'contentful-delivery-api-token',
    doc: 'Discovered a Contentful delivery API token, posing a risk to content management systems and data integrity.',
    anchors: ['contentful'],
    source:
      '(?:[cC][oO][nN][tT][eE][nN][tT][fF][uU][lL])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9=_\\-]{43})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'databricks-api-token',
    doc: 'Uncovered a Databricks API token, which may compromise big data analytics platforms and sensitive data processing.',
    anchors: ['dapi'],
    source: '\\b(dapi[a-f0-9]{32}(?:-\\d)?)(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
  },
  {
    id: 'datadog-access-token',
    doc: 'Detected a Datadog Access Token, potentially risking monitoring and analytics data exposure and manipulation.',
    anchors: ['datadog'],
    source:
      '(?:[dD][aA][tT][aA][dD][oO][gG])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{40})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'defined-networking-api-token',
    doc: 'Identified a Defined Networking API token, which could lead to unauthorized network operations and data breaches.',
    anchors: ['dnkey'],
    source:
      '(?:[dD][nN][kK][eE][yY])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([dD][nN][kK][eE][yY]-[a-zA-Z0-9=_\\-]{26}-[a-zA-Z0-9=_\\-]{52})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'digitalocean-access-token',
    doc: 'Found a DigitalOcean OAuth Access Token, risking unauthorized cloud resource access and data compromise.',
    anchors: ['doo_v1_'],
    source: '\\b(doo_v1_[a-f0-9]{64})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
  },
  {
    id: 'digitalocean-pat',
    doc: 'Discovered a DigitalOcean Personal Access Token, posing a threat to cloud infrastructure security and data privacy.',
    anchors: ['dop_v1_'],
    source: '\\b(dop_v1_[a-f0-9]{64})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
  },
  {
    id: 'digitalocean-refresh-token',
    doc: 'Uncovered a DigitalOcean OAuth Refresh Token, which could allow prolonged unauthorized access and resource manipulation.',
    anchors: ['dor_v1_'],
    source: '\\b([dD][oO][rR]_[vV]1_[a-fA-F0-9]{64})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
  },
  {
    id: 'discord-api-token',
    doc: 'Detected a Discord API key, potentially compromising communication channels and user data privacy on Discord.',
    anchors: ['discord'],
    source:
      '(?:[dD][iI][sS][cC][oO][rR][dD])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-fA-F0-9]{64})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'discord-client-id',
    doc: 'Identified a Discord client ID, which may lead to unauthorized integrations and data exposure in Discord applications.',
    anchors: ['discord'],
    source:
      '(?:[dD][iI][sS][cC][oO][rR][dD])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([0-9]{18})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 2,
    kind: 'assignment',
  },
  {
    id: 'discord-client-secret',
    doc: 'Discovered a potential Discord client secret, risking compromised Discord bot integrations and data leaks.',
    anchors: ['discord'],
    source:
      '(?:[dD][iI][sS][cC][oO][rR][dD])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9=_\\-]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 2,
    kind: 'assignment',
  },
  {
    id: 'doppler-api-token',
    doc: 'Discovered a Doppler API token, posing a risk to environment and secrets management security.',
    anchors: ['dp.pt.'],
    source: 'dp\\.pt\\.[a-zA-Z0-9]{43}',
    entropy: 2,
  },
  {
    id: 'droneci-access-token',
    doc: 'Detected a Droneci Access Token, potentially compromising continuous integration and deployment workflows.',
    anchors: ['droneci'],
    source:
      '(?:[dD][rR][oO][nN][eE][cC][iI])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'dropbox-api-token',
    doc: 'Identified a Dropbox API secret, which could lead to unauthorized file access and data breaches in Dropbox storage.',
    anchors: ['dropbox'],
    source:
      '(?:[dD][rR][oO][pP][bB][oO][xX])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{15})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'dropbox-long-lived-api-token',
    doc: 'Found a Dropbox long-lived API token, risking prolonged unauthorized access to cloud storage and sensitive data.',
    anchors: ['dropbox'],
    source:
      '(?:[dD][rR][oO][pP][bB][oO][xX])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{11}([Aa][Aa][Aa][Aa][Aa][Aa][Aa][Aa][Aa][Aa])[a-zA-Z0-9\\-_=]{43})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'dropbox-short-lived-api-token',
    doc: 'Discovered a Dropbox short-lived API token, posing a risk of temporary but potentially harmful data access and manipulation.',
    anchors: ['dropbox'],
    source:
      '(?:[dD][rR][oO][pP][bB][oO][xX])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([sS][lL]\\.[a-zA-Z0-9\\-=_]{135})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'duffel-api-token',
    doc: 'Uncovered a Duffel API token, which may compromise travel platform integrations and sensitive customer data.',
    anchors: ['duffel_'],
    source: 'duffel_(?:test|live)_[a-zA-Z0-9_\\-=]{43}',
    entropy: 2,
  },
  {
    id: 'dynatrace-api-token',
    doc: 'Detected a Dynatrace API token, potentially risking application performance monitoring and data exposure.',
    anchors: ['dt0c01.'],
    source: 'dt0c01\\.[a-zA-Z0-9]{24}\\.[a-zA-Z0-9]{64}',
    entropy: 4,
  },
  {
    id: 'easypost-api-token',
    doc: 'Identified an EasyPost API token, which could lead to unauthorized postal and shipment service access and data exposure.',
    anchors: ['ezak'],
    source: '\\bEZAK[a-zA-Z0-9]{54}\\b',
    entropy: 2,
  },
  {
    id: 'easypost-test-api-token',
    doc: 'Detected an EasyPost test API token, risking exposure of test environments and potentially sensitive shipment data.',
    anchors: ['eztk'],
    source: '\\bEZTK[a-zA-Z0-9]{54}\\b',
    entropy: 2,
  },
  {
    id: 'etsy-access-token',
    doc: 'Found an Etsy Access Token, potentially compromising Etsy shop management and customer data.',
    anchors: ['etsy'],
    source:
      '(?:(?:ETSY|[Ee]tsy))(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{24})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 3,
    kind: 'assignment',
  },
  {
    id: 'facebook-access-token',
    doc: 'Discovered a Facebook Access Token, posing a risk of unauthorized access to Facebook accounts and personal data exposure.',
    anchors: ['|', '%'],
    back: [15, 16],
    gate: ['facebook'],
    source: '\\b(\\d{15,16}(\\||%)[0-9a-zA-Z\\-_]{27,40})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 3,
  },
  {
    id: 'facebook-page-access-token',
    doc: 'Discovered a Facebook Page Access Token, posing a risk of unauthorized access to Facebook accounts and personal data exposure.',
    anchors: ['eaam', 'eaac'],
    source: '\\b(EAA[MC][a-zA-Z0-9]{100,})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 4,
  },
  {
    id: 'facebook-secret',
    doc: 'Discovered a Facebook Application secret, posing a risk of unauthorized access to Facebook accounts and personal data exposure.',
    anchors: ['facebook'],
    source:
      '(?:[fF][aA][cC][eE][bB][oO][oO][kK])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-fA-F0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 3,
    kind: 'assignment',
  },
  {
    id: 'fastly-api-token',
    doc: 'Uncovered a Fastly API key, which may compromise CDN and edge cloud services, leading to content delivery and security issues.',
    anchors: ['fastly'],
    source:
      '(?:[fF][aA][sS][tT][lL][yY])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9=_\\-]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'finicity-api-token',
    doc: 'Detected a Finicity API token, potentially risking financial data access and unauthorized financial operations.',
    anchors: ['finicity'],
    source:
      '(?:[fF][iI][nN][iI][cC][iI][tT][yY])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-fA-F0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'finicity-client-secret',
    doc: 'Identified a Finicity Client Secret, which could lead to compromised financial service integrations and data breaches.',
    anchors: ['finicity'],
    source:
      '(?:[fF][iI][nN][iI][cC][iI][tT][yY])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{20})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'finnhub-access-token',
    doc: 'Found a Finnhub Access Token, risking unauthorized access to financial market data and analytics.',
    anchors: ['finnhub'],
    source:
      '(?:[fF][iI][nN][nN][hH][uU][bB])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{20})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'flickr-access-token',
    doc: 'Discovered a Flickr Access Token, posing a risk of unauthorized photo management and potential data leakage.',
    anchors: ['flickr'],
    source:
      '(?:[fF][lL][iI][cC][kK][rR])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'flutterwave-encryption-key',
    doc: 'Uncovered a Flutterwave Encryption Key, which may compromise payment processing and sensitive financial information.',
    anchors: ['flwseck_test'],
    source: 'FLWSECK_TEST-[a-hA-H0-9]{12}',
    entropy: 2,
  },
  {
    id: 'flutterwave-public-key',
    doc: 'Detected a Finicity Public Key, potentially exposing public cryptographic operations and integrations.',
    anchors: ['flwpubk_test'],
    source: 'FLWPUBK_TEST-[a-hA-H0-9]{32}-[Xx]',
    entropy: 2,
  },
  {
    id: 'flutterwave-secret-key',
    doc: 'Identified a Flutterwave Secret Key, risking unauthorized financial transactions and data breaches.',
    anchors: ['flwseck_test'],
    source: 'FLWSECK_TEST-[a-hA-H0-9]{32}-[Xx]',
    entropy: 2,
  },
  {
    id: 'flyio-access-token',
    doc: 'Uncovered a Fly.io API key',
    anchors: ['fo1_', 'fm1', 'fm2_'],
    source:
      '\\b((?:fo1_[\\w-]{43}|fm1[ar]_[a-zA-Z0-9+\\/]{100,}={0,3}|fm2_[a-zA-Z0-9+\\/]{100,}={0,3}))(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 4,
  },
  {
    id: 'frameio-api-token',
    doc: 'Found a Frame.io API token, potentially compromising video collaboration and project management.',
    anchors: ['fio-u-'],
    source: 'fio-u-[a-zA-Z0-9\\-_=]{64}',
  },
  {
    id: 'freemius-secret-key',
    doc: 'Detected a Freemius secret key, potentially exposing sensitive information.',
    anchors: ['secret_key'],
    back: [1],
    source: '["\'][sS][eE][cC][rR][eE][tT]_[kK][eE][yY]["\']\\s*=>\\s*["\']([sS][kK]_[\\S]{29})["\']',
  },
  {
    id: 'freshbooks-access-token',
    doc: 'Discovered a Freshbooks Access Token, posing a risk to accounting software access and sensitive financial data exposure.',
    anchors: ['freshbooks'],
    source:
      '(?:[fF][rR][eE][sS][hH][bB][oO][oO][kK][sS])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{64})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'gcp-api-key',
    doc: 'Uncovered a GCP API key, which could lead to unauthorized access to Google Cloud services and data breaches.',
    anchors: ['aiza'],
    source: '\\b(AIza[\\w-]{35})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 4,
  },
  {
    id: 'generic-api-key',
    doc: 'Detected a Generic API Key, potentially exposing access to various services and sensitive operations.',
    anchors: ['access', 'api', 'auth', 'credential', 'creds', 'key', 'passwd', 'passwor', 'secret', 'token'],
    gate: ['access', 'api', 'auth', 'key', 'credential', 'creds', 'passwd', 'password', 'secret', 'token'],
    source:
      '(?:[aA][cC][cC][eE][sS][sS]|[aA][uU][tT][hH]|(?:[Aa]pi|API)|[cC][rR][eE][dD][eE][nN][tT][iI][aA][lL]|[cC][rR][eE][dD][sS]|[kK][eE][yY]|[pP][aA][sS][sS][wW](?:[oO][rR])?[dD]|[sS][eE][cC][rR][eE][tT]|[tT][oO][kK][eE][nN])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([\\w.=-]{10,150}|[a-zA-Z0-9][a-zA-Z0-9+/]{11,}={0,3})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 3.5,
    kind: 'assignment',
  },
  {
    id: 'github-app-token',
    doc: 'Identified a GitHub App Token, which may compromise GitHub application integrations and source code security.',
    anchors: ['ghu_', 'ghs_'],
    source: '(?:ghu|ghs)_[0-9a-zA-Z]{36}',
    entropy: 3,
  },
  {
    id: 'github-fine-grained-pat',
    doc: 'Found a GitHub Fine-Grained Personal Access Token, risking unauthorized repository access and code manipulation.',
    anchors: ['github_pat_'],
    source: 'github_pat_\\w{82}',
    entropy: 3,
  },
  {
    id: 'github-oauth',
    doc: 'Discovered a GitHub OAuth Access Token, posing a risk of compromised GitHub account integrations and data leaks.',
    anchors: ['gho_'],
    source: 'gho_[0-9a-zA-Z]{36}',
    entropy: 3,
  },
  {
    id: 'github-pat',
    doc: 'Uncovered a GitHub Personal Access Token, potentially leading to unauthorized repository access and sensitive content exposure.',
    anchors: ['ghp_'],
    source: 'ghp_[0-9a-zA-Z]{36}',
    entropy: 3,
  },
  {
    id: 'github-refresh-token',
    doc: 'Detected a GitHub Refresh Token, which could allow prolonged unauthorized access to GitHub services.',
    anchors: ['ghr_'],
    source: 'ghr_[0-9a-zA-Z]{36}',
    entropy: 3,
  },
  {
    id: 'gitlab-cicd-job-token',
    doc: 'Identified a GitLab CI/CD Job Token, potential access to projects and some APIs on behalf of a user while the CI job is running.',
    anchors: ['glcbt-'],
    source: 'glcbt-[0-9a-zA-Z]{1,5}_[0-9a-zA-Z_-]{20}',
    entropy: 3,
  },
  {
    id: 'gitlab-deploy-token',
    doc: 'Identified a GitLab Deploy Token, risking access to repositories, packages and containers with write access.',
    anchors: ['gldt-'],
    source: 'gldt-[0-9a-zA-Z_\\-]{20}',
    entropy: 3,
  },
  {
    id: 'gitlab-feature-flag-client-token',
    doc: 'Identified a GitLab feature flag client token, risks exposing user lists and features flags used by an application.',
    anchors: ['glffct-'],
    source: 'glffct-[0-9a-zA-Z_\\-]{20}',
    entropy: 3,
  },
  {
    id: 'gitlab-feed-token',
    doc: 'Identified a GitLab feed token, risking exposure of user data.',
    anchors: ['glft-'],
    source: 'glft-[0-9a-zA-Z_\\-]{20}',
    entropy: 3,
  },
  {
    id: 'gitlab-incoming-mail-token',
    doc: 'Identified a GitLab incoming mail token, risking manipulation of data sent by mail.',
    anchors: ['glimt-'],
    source: 'glimt-[0-9a-zA-Z_\\-]{25}',
    entropy: 3,
  },
  {
    id: 'gitlab-kubernetes-agent-token',
    doc: 'Identified a GitLab Kubernetes Agent token, risking access to repos and registry of projects connected via agent.',
    anchors: ['glagent-'],
    source: 'glagent-[0-9a-zA-Z_\\-]{50}',
    entropy: 3,
  },
  {
    id: 'gitlab-oauth-app-secret',
    doc: 'Identified a GitLab OIDC Application Secret, risking access to apps using GitLab as authentication provider.',
    anchors: ['gloas-'],
    source: 'gloas-[0-9a-zA-Z_\\-]{64}',
    entropy: 3,
  },
  {
    id: 'gitlab-pat',
    doc: 'Identified a GitLab Personal Access Token, risking unauthorized access to GitLab repositories and codebase exposure.',
    anchors: ['glpat-'],
    source: 'glpat-[\\w-]{20}',
    entropy: 3,
  },
  {
    id: 'gitlab-pat-routable',
    doc: 'Identified a GitLab Personal Access Token (routable), risking unauthorized access to GitLab repositories and codebase exposure.',
    anchors: ['glpat-'],
    source: '\\bglpat-[0-9a-zA-Z_-]{27,300}\\.[0-9a-z]{2}[0-9a-z]{7}\\b',
    entropy: 4,
  },
  {
    id: 'gitlab-ptt',
    doc: 'Found a GitLab Pipeline Trigger Token, potentially compromising continuous integration workflows and project security.',
    anchors: ['glptt-'],
    source: 'glptt-[0-9a-f]{40}',
    entropy: 3,
  },
  {
    id: 'gitlab-rrt',
    doc: 'Discovered a GitLab Runner Registration Token, posing a risk to CI/CD pipeline integrity and unauthorized access.',
    anchors: ['gr1348941'],
    source: 'GR1348941[\\w-]{20}',
    entropy: 3,
  },
  {
    id: 'gitlab-runner-authentication-token',
    doc: 'Discovered a GitLab Runner Authentication Token, posing a risk to CI/CD pipeline integrity and unauthorized access.',
    anchors: ['glrt-'],
    source: 'glrt-[0-9a-zA-Z_\\-]{20}',
    entropy: 3,
  },
  {
    id: 'gitlab-runner-authentication-token-routable',
    doc: 'Discovered a GitLab Runner Authentication Token (Routable), posing a risk to CI/CD pipeline integrity and unauthorized access.',
    anchors: ['glrt-'],
    source: '\\bglrt-t\\d_[0-9a-zA-Z_\\-]{27,300}\\.[0-9a-z]{2}[0-9a-z]{7}\\b',
    entropy: 4,
  },
  {
    id: 'gitlab-scim-token',
    doc: 'Discovered a GitLab SCIM Token, posing a risk to unauthorized access for a organization or instance.',
    anchors: ['glsoat-'],
    source: 'glsoat-[0-9a-zA-Z_\\-]{20}',
    entropy: 3,
  },
  {
    id: 'gitlab-session-cookie',
    doc: 'Discovered a GitLab Session Cookie, posing a risk to unauthorized access to a user account.',
    anchors: ['_gitlab_session='],
    source: '_gitlab_session=[0-9a-z]{32}',
    entropy: 3,
  },
  {
    id: 'gitter-access-token',
    doc: 'Uncovered a Gitter Access Token, which may lead to unauthorized access to chat and communication services.',
    anchors: ['gitter'],
    source:
      '(?:[gG][iI][tT][tT][eE][rR])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9_-]{40})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'gocardless-api-token',
    doc: 'Detected a GoCardless API token, potentially risking unauthorized direct debit payment operations and financial data exposure.',
    anchors: ['gocardless'],
    source:
      '(?:[gG][oO][cC][aA][rR][dD][lL][eE][sS][sS])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([lL][iI][vV][eE]_[a-zA-Z0-9\\-_=]{40})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'grafana-api-key',
    doc: 'Identified a Grafana API key, which could compromise monitoring dashboards and sensitive data analytics.',
    anchors: ['eyjrijoi'],
    source: '\\b([eE][yY][Jj][rR][Ii][jJ][oO][iI][A-Za-z0-9]{70,400}={0,3})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 3,
  },
  {
    id: 'grafana-cloud-api-token',
    doc: 'Found a Grafana cloud API token, risking unauthorized access to cloud-based monitoring services and data exposure.',
    anchors: ['glc_'],
    source: '\\b([gG][lL][cC]_[A-Za-z0-9+/]{32,400}={0,3})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 3,
  },
  {
    id: 'grafana-service-account-token',
    doc: 'Discovered a Grafana service account token, posing a risk of compromised monitoring services and data integrity.',
    anchors: ['glsa_'],
    source: '\\b([gG][lL][sS][aA]_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 3,
  },
  {
    id: 'harness-api-key',
    doc: 'Identified a Harness Access Token (PAT or SAT), risking unauthorized access to a Harness account.',
    anchors: ['pat.', 'sat.'],
    source: '(?:pat|sat)\\.[a-zA-Z0-9_-]{22}\\.[a-zA-Z0-9]{24}\\.[a-zA-Z0-9]{20}',
  },
  {
    id: 'hashicorp-tf-api-token',
    doc: 'Uncovered a HashiCorp Terraform user/org API token, which may lead to unauthorized infrastructure management and security breaches.',
    anchors: ['.atlasv1'],
    back: [14],
    source: '[a-zA-Z0-9]{14}\\.(?:atlasv1)\\.[a-zA-Z0-9\\-_=]{60,70}',
    entropy: 3.5,
  },
  {
    id: 'hashicorp-tf-password',
    doc: 'Identified a HashiCorp Terraform password field, risking unauthorized infrastructure configuration and security breaches.',
    anchors: ['administrator_login_password', 'password'],
    source:
      '(?:[aA][dD][mM][iI][nN][iI][sS][tT][rR][aA][tT][oO][rR]_[lL][oO][gG][iI][nN]_[pP][aA][sS][sS][wW][oO][rR][dD]|[pP][aA][sS][sS][wW][oO][rR][dD])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}("[a-zA-Z0-9=_\\-]{8,20}")(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 2,
    kind: 'assignment',
  },
  {
    id: 'heroku-api-key',
    doc: 'Detected a Heroku API Key, potentially compromising cloud application deployments and operational security.',
    anchors: ['heroku'],
    source:
      '(?:[hH][eE][rR][oO][kK][uU])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'heroku-api-key-v2',
    doc: 'Detected a Heroku API Key, potentially compromising cloud application deployments and operational security.',
    anchors: ['hrku-aa'],
    source: '\\b((HRKU-AA[0-9a-zA-Z_-]{58}))(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 4,
  },
  {
    id: 'hubspot-api-key',
    doc: 'Found a HubSpot API Token, posing a risk to CRM data integrity and unauthorized marketing operations.',
    anchors: ['hubspot'],
    source:
      '(?:[hH][uU][bB][sS][pP][oO][tT])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'huggingface-access-token',
    doc: 'Discovered a Hugging Face Access token, which could lead to unauthorized access to AI models and sensitive data.',
    anchors: ['hf_'],
    source: '\\b(hf_(?:[a-zA-Z]{34}))(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 2,
  },
  {
    id: 'huggingface-organization-api-token',
    doc: 'Uncovered a Hugging Face Organization API token, potentially compromising AI organization accounts and associated data.',
    anchors: ['api_org_'],
    source: '\\b(api_org_(?:[a-zA-Z]{34}))(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 2,
  },
  {
    id: 'infracost-api-token',
    doc: 'Detected an Infracost API Token, risking unauthorized access to cloud cost estimation tools and financial data.',
    anchors: ['ico-'],
    source: '\\b(ico-[a-zA-Z0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
  },
  {
    id: 'intercom-api-key',
    doc: 'Identified an Intercom API Token, which could compromise customer communication channels and data privacy.',
    anchors: ['intercom'],
    source:
      '(?:[iI][nN][tT][eE][rR][cC][oO][mM])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9=_\\-]{60})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'intra42-client-secret',
    doc: 'Found a Intra42 client secret, which could lead to unauthorized access to the 42School API and sensitive data.',
    anchors: ['s-s4t2'],
    gate: ['intra', 's-s4t2ud-', 's-s4t2af-'],
    source: '\\b(s-s4t2(?:ud|af)-[aAbBcCdDeEfF0123456789]{64})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
  },
  {
    id: 'jfrog-api-key',
    doc: 'Found a JFrog API Key, posing a risk of unauthorized access to software artifact repositories and build pipelines.',
    anchors: ['artifactory', 'bintray', 'jfrog', 'xray'],
    source:
      '(?:[jJ][fF][rR][oO][gG]|[aA][rR][tT][iI][fF][aA][cC][tT][oO][rR][yY]|[bB][iI][nN][tT][rR][aA][yY]|[xX][rR][aA][yY])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{73})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'jfrog-identity-token',
    doc: 'Discovered a JFrog Identity Token, potentially compromising access to JFrog services and sensitive software artifacts.',
    anchors: ['artifactory', 'bintray', 'jfrog', 'xray'],
    source:
      '(?:[jJ][fF][rR][oO][gG]|[aA][rR][tT][iI][fF][aA][cC][tT][oO][rR][yY]|[bB][iI][nN][tT][rR][aA][yY]|[xX][rR][aA][yY])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{64})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'jwt',
    doc: 'Uncovered a JSON Web Token, which may lead to unauthorized access to web applications and sensitive user data.',
    anchors: ['ey'],
    source:
      '\\b(ey[a-zA-Z0-9]{17,}\\.ey[a-zA-Z0-9\\/\\\\_-]{17,}\\.(?:[a-zA-Z0-9\\/\\\\_-]{10,}={0,2})?)(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
  },
  {
    id: 'jwt-base64',
    doc: 'Detected a Base64-encoded JSON Web Token, posing a risk of exposing encoded authentication and data exchange information.',
    anchors: ['zxlk'],
    source:
      '\\bZXlK(?:(aGJHY2lPaU)|(aGNIVWlPaU)|(aGNIWWlPaU)|(aGRXUWlPaU)|(aU5qUWlP)|(amNtbDBJanBi)|(amRIa2lPaU)|(bGNHc2lPbn)|(bGJtTWlPaU)|(cWEzVWlPaU)|(cWQyc2lPb)|(cGMzTWlPaU)|(cGRpSTZJ)|(cmFXUWlP)|(clpYbGZiM0J6SWpwY)|(cmRIa2lPaUp)|(dWIyNWpaU0k2)|(d01tTWlP)|(d01uTWlPaU)|(d2NIUWlPaU)|(emRXSWlPaU)|(emRuUWlP)|(MFlXY2lPaU)|(MGVYQWlPaUp)|(MWNtd2l)|(MWMyVWlPaUp)|(MlpYSWlPaU)|(MlpYSnphVzl1SWpv)|(NElqb2)|(NE5XTWlP)|(NE5YUWlPaU)|(NE5YUWpVekkxTmlJNkl)|(NE5YVWlPaU)|(NmFYQWlPaU))[a-zA-Z0-9\\/\\\\_+\\-\\r\\n]{40,}={0,2}',
    entropy: 2,
  },
  {
    id: 'kraken-access-token',
    doc: 'Identified a Kraken Access Token, potentially compromising cryptocurrency trading accounts and financial security.',
    anchors: ['kraken'],
    source:
      '(?:[kK][rR][aA][kK][eE][nN])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9\\/=_\\+\\-]{80,90})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'kucoin-access-token',
    doc: 'Found a Kucoin Access Token, risking unauthorized access to cryptocurrency exchange services and transactions.',
    anchors: ['kucoin'],
    source:
      '(?:[kK][uU][cC][oO][iI][nN])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-fA-F0-9]{24})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'kucoin-secret-key',
    doc: 'Discovered a Kucoin Secret Key, which could lead to compromised cryptocurrency operations and financial data breaches.',
    anchors: ['kucoin'],
    source:
      '(?:[kK][uU][cC][oO][iI][nN])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'launchdarkly-access-token',
    doc: 'Uncovered a Launchdarkly Access Token, potentially compromising feature flag management and application functionality.',
    anchors: ['launchdarkly'],
    source:
      '(?:[lL][aA][uU][nN][cC][hH][dD][aA][rR][kK][lL][yY])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9=_\\-]{40})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'linear-api-key',
    doc: 'Detected a Linear API Token, posing a risk to project management tools and sensitive task data.',
    anchors: ['lin_api_'],
    source: 'lin_api_[a-zA-Z0-9]{40}',
    entropy: 2,
  },
  {
    id: 'linear-client-secret',
    doc: 'Identified a Linear Client Secret, which may compromise secure integrations and sensitive project management data.',
    anchors: ['linear'],
    source:
      '(?:[lL][iI][nN][eE][aA][rR])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-fA-F0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 2,
    kind: 'assignment',
  },
  {
    id: 'linkedin-client-id',
    doc: 'Found a LinkedIn Client ID, risking unauthorized access to LinkedIn integrations and professional data exposure.',
    anchors: ['linked'],
    gate: ['linkedin', 'linked_in', 'linked-in'],
    source:
      '(?:[lL][iI][nN][kK][eE][dD][_-]?[iI][nN])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{14})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 2,
    kind: 'assignment',
  },
  {
    id: 'linkedin-client-secret',
    doc: 'Discovered a LinkedIn Client secret, potentially compromising LinkedIn application integrations and user data.',
    anchors: ['linked'],
    gate: ['linkedin', 'linked_in', 'linked-in'],
    source:
      '(?:[lL][iI][nN][kK][eE][dD][_-]?[iI][nN])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{16})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 2,
    kind: 'assignment',
  },
  {
    id: 'lob-api-key',
    doc: 'Uncovered a Lob API Key, which could lead to unauthorized access to mailing and address verification services.',
    anchors: ['lob'],
    gate: ['test_', 'live_'],
    source:
      '(?:[lL][oO][bB])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}(([lL][iI][vV][eE]|[tT][eE][sS][tT])_[a-fA-F0-9]{35})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'lob-pub-api-key',
    doc: 'Detected a Lob Publishable API Key, posing a risk of exposing mail and print service integrations.',
    anchors: ['lob'],
    gate: ['test_pub', 'live_pub', '_pub'],
    source:
      '(?:[lL][oO][bB])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}(([tT][eE][sS][tT]|[lL][iI][vV][eE])_[pP][uU][bB]_[a-fA-F0-9]{31})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'looker-client-id',
    doc: 'Found a Looker Client ID, risking unauthorized access to a Looker account and exposing sensitive data.',
    anchors: ['looker'],
    source:
      '(?:[lL][oO][oO][kK][eE][rR])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{20})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'looker-client-secret',
    doc: 'Found a Looker Client Secret, risking unauthorized access to a Looker account and exposing sensitive data.',
    anchors: ['looker'],
    source:
      '(?:[lL][oO][oO][kK][eE][rR])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{24})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'mailchimp-api-key',
    doc: 'Identified a Mailchimp API key, potentially compromising email marketing campaigns and subscriber data.',
    anchors: ['mailchimp', 'mailchimpsdk'],
    source:
      '(?:[Mm][aA][iI][lL][cC][hH][iI][mM][pP][Ss][Dd][Kk].[iI][nN][iI][tT][iI][aA][lL][iI][zZ][eE]|[mM][aA][iI][lL][cC][hH][iI][mM][pP])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-fA-F0-9]{32}-[uU][sS]\\d\\d)(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'mailgun-private-api-token',
    doc: 'Found a Mailgun private API token, risking unauthorized email service operations and data breaches.',
    anchors: ['mailgun'],
    source:
      '(?:[mM][aA][iI][lL][gG][uU][nN])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([kK][eE][yY]-[a-fA-F0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'mailgun-pub-key',
    doc: 'Discovered a Mailgun public validation key, which could expose email verification processes and associated data.',
    anchors: ['mailgun'],
    source:
      '(?:[mM][aA][iI][lL][gG][uU][nN])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([pP][uU][bB][kK][eE][yY]-[a-fA-F0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'mailgun-signing-key',
    doc: 'Uncovered a Mailgun webhook signing key, potentially compromising email automation and data integrity.',
    anchors: ['mailgun'],
    source:
      '(?:[mM][aA][iI][lL][gG][uU][nN])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-hA-H0-9]{32}-[a-hA-H0-9]{8}-[a-hA-H0-9]{8})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'mapbox-api-token',
    doc: 'Detected a MapBox API token, posing a risk to geospatial services and sensitive location data exposure.',
    anchors: ['mapbox'],
    source:
      '(?:[mM][aA][pP][bB][oO][xX])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([pP][kK]\\.[a-zA-Z0-9]{60}\\.[a-zA-Z0-9]{22})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'mattermost-access-token',
    doc: 'Identified a Mattermost Access Token, which may compromise team communication channels and data privacy.',
    anchors: ['mattermost'],
    source:
      '(?:[mM][aA][tT][tT][eE][rR][mM][oO][sS][tT])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{26})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'maxmind-license-key',
    doc: 'Discovered a potential MaxMind license key.',
    anchors: ['_mmk'],
    back: [36],
    source: '\\b([A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk)(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 4,
  },
  {
    id: 'messagebird-api-token',
    doc: 'Found a MessageBird API token, risking unauthorized access to communication platforms and message data.',
    anchors: ['message'],
    gate: ['messagebird', 'message-bird', 'message_bird'],
    source:
      '(?:[mM][eE][sS][sS][aA][gG][eE][_-]?[bB][iI][rR][dD])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{25})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'messagebird-client-id',
    doc: 'Discovered a MessageBird client ID, potentially compromising API integrations and sensitive communication data.',
    anchors: ['message'],
    gate: ['messagebird', 'message-bird', 'message_bird'],
    source:
      '(?:[mM][eE][sS][sS][aA][gG][eE][_-]?[bB][iI][rR][dD])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'microsoft-teams-webhook',
    doc: 'Uncovered a Microsoft Teams Webhook, which could lead to unauthorized access to team collaboration tools and data leaks.',
    anchors: ['https://'],
    gate: ['webhook.office.com', 'webhookb2', 'incomingwebhook'],
    source:
      'https://[a-z0-9]+\\.webhook\\.office\\.com/webhookb2/[a-z0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}@[a-z0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}/IncomingWebhook/[a-z0-9]{32}/[a-z0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}',
  },
  {
    id: 'netlify-access-token',
    doc: 'Detected a Netlify Access Token, potentially compromising web hosting services and site management.',
    anchors: ['netlify'],
    source:
      '(?:[nN][eE][tT][lL][iI][fF][yY])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9=_\\-]{40,46})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'new-relic-browser-api-token',
    doc: 'Identified a New Relic ingest browser API token, risking unauthorized access to application performance data and analytics.',
    anchors: ['new-relic', 'new_relic', 'newrelic'],
    gate: ['nrjs-'],
    source:
      '(?:[nN][eE][wW]-[rR][eE][lL][iI][cC]|[nN][eE][wW][rR][eE][lL][iI][cC]|[nN][eE][wW]_[rR][eE][lL][iI][cC])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([Nn][Rr][Jj][Ss]-[a-fA-F0-9]{19})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'new-relic-insert-key',
    doc: 'Discovered a New Relic insight insert key, compromising data injection into the platform.',
    anchors: ['new-relic', 'new_relic', 'newrelic'],
    gate: ['nrii-'],
    source:
      '(?:[nN][eE][wW]-[rR][eE][lL][iI][cC]|[nN][eE][wW][rR][eE][lL][iI][cC]|[nN][eE][wW]_[rR][eE][lL][iI][cC])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([Nn][Rr][Ii][Ii]-[a-zA-Z0-9-]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'new-relic-user-api-id',
    doc: 'Found a New Relic user API ID, posing a risk to application monitoring services and data integrity.',
    anchors: ['new-relic', 'new_relic', 'newrelic'],
    source:
      '(?:[nN][eE][wW]-[rR][eE][lL][iI][cC]|[nN][eE][wW][rR][eE][lL][iI][cC]|[nN][eE][wW]_[rR][eE][lL][iI][cC])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{64})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'new-relic-user-api-key',
    doc: 'Discovered a New Relic user API Key, which could lead to compromised application insights and performance monitoring.',
    anchors: ['new-relic', 'new_relic', 'newrelic'],
    gate: ['nrak'],
    source:
      '(?:[nN][eE][wW]-[rR][eE][lL][iI][cC]|[nN][eE][wW][rR][eE][lL][iI][cC]|[nN][eE][wW]_[rR][eE][lL][iI][cC])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([Nn][Rr][Aa][Kk]-[a-zA-Z0-9]{27})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'notion-api-token',
    doc: 'Notion API token',
    anchors: ['ntn_'],
    source: '\\b(ntn_[0-9]{11}[A-Za-z0-9]{32}[A-Za-z0-9]{3})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 4,
  },
  {
    id: 'npm-access-token',
    doc: 'Uncovered an npm access token, potentially compromising package management and code repository access.',
    anchors: ['npm_'],
    source: '\\b([nN][pP][mM]_[a-zA-Z0-9]{36})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 2,
  },
  {
    id: 'nuget-config-password',
    doc: 'Identified a password within a Nuget config file, potentially compromising package management access.',
    anchors: ['<add key='],
    source:
      '<[aA][dD][dD] [kK][eE][yY]=\\"(?:(?:[Cc][lL][eE][aA][rR][Tt][eE][xX][tT])?[Pp][aA][sS][sS][wW][oO][rR][dD])\\"\\s*[vV][aA][lL][uU][eE]=\\"(.{8,})\\"\\s*/>',
    entropy: 1,
  },
  {
    id: 'nytimes-access-token',
    doc: 'Detected a Nytimes Access Token, risking unauthorized access to New York Times APIs and content services.',
    anchors: ['new-york-times', 'newyorktimes', 'nytimes'],
    source:
      '(?:[nN][yY][tT][iI][mM][eE][sS]|[nN][eE][wW]-[yY][oO][rR][kK]-[tT][iI][mM][eE][sS],|[nN][eE][wW][yY][oO][rR][kK][tT][iI][mM][eE][sS])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9=_\\-]{32})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'octopus-deploy-api-key',
    doc: 'Discovered a potential Octopus Deploy API key, risking application deployments and operational security.',
    anchors: ['api-'],
    source: '\\b(API-[A-Z0-9]{26})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
  },
  {
    id: 'okta-access-token',
    doc: 'Identified an Okta Access Token, which may compromise identity management services and user authentication data.',
    anchors: ['okta'],
    source:
      '(?:(?:(?:[Oo]kta|OKTA))(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3})(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}(00[\\w=\\-]{40})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 4,
    kind: 'assignment',
  },
  {
    id: 'openai-api-key',
    doc: 'Found an OpenAI API Key, posing a risk of unauthorized access to AI services and data manipulation.',
    anchors: ['sk-'],
    gate: ['t3blbkfj'],
    source:
      '\\b(sk-(?:proj|svcacct|admin)-(?:[A-Za-z0-9_-]{74}|[A-Za-z0-9_-]{58})T3BlbkFJ(?:[A-Za-z0-9_-]{74}|[A-Za-z0-9_-]{58})\\b|sk-[a-zA-Z0-9]{20}T3BlbkFJ[a-zA-Z0-9]{20})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
  },
  {
    id: 'openshift-user-token',
    doc: 'Found an OpenShift user token, potentially compromising an OpenShift/Kubernetes cluster.',
    anchors: ['sha256~'],
    source: '\\b(sha256~[\\w-]{43})(?:[^\\w-]|$)',
    entropy: 3.5,
  },
  {
    id: 'perplexity-api-key',
    doc: 'Detected a Perplexity API key, which could lead to unauthorized access to Perplexity AI services and data exposure.',
    anchors: ['pplx-'],
    source: '\\b(pplx-[a-zA-Z0-9]{48})(?:[\\x60\'"\\s;]|\\\\[nr]|$|\\b)',
    entropy: 4,
  },
  {
    id: 'plaid-api-token',
    doc: 'Discovered a Plaid API Token, potentially compromising financial data aggregation and banking services.',
    anchors: ['plaid'],
    source:
      '(?:[pP][lL][aA][iI][dD])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([aA][cC][cC][eE][sS][sS]-(?:[sS][aA][nN][dD][bB][oO][xX]|[dD][eE][vV][eE][lL][oO][pP][mM][eE][nN][tT]|[pP][rR][oO][dD][uU][cC][tT][iI][oO][nN])-[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'plaid-client-id',
    doc: 'Uncovered a Plaid Client ID, which could lead to unauthorized financial service integrations and data breaches.',
    anchors: ['plaid'],
    source:
      '(?:[pP][lL][aA][iI][dD])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{24})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 3.5,
    kind: 'assignment',
  },
  {
    id: 'plaid-secret-key',
    doc: 'Detected a Plaid Secret key, risking unauthorized access to financial accounts and sensitive transaction data.',
    anchors: ['plaid'],
    source:
      '(?:[pP][lL][aA][iI][dD])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{30})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 3.5,
    kind: 'assignment',
  },
  {
    id: 'planetscale-api-token',
    doc: 'Identified a PlanetScale API token, potentially compromising database management and operations.',
    anchors: ['pscale_tkn_'],
    source: '\\b(pscale_tkn_[\\w=\\.-]{32,64})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
  },
  {
    id: 'planetscale-oauth-token',
    doc: 'Found a PlanetScale OAuth token, posing a risk to database access control and sensitive data integrity.',
    anchors: ['pscale_oauth_'],
    source: '\\b(pscale_oauth_[\\w=\\.-]{32,64})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
  },
  {
    id: 'planetscale-password',
    doc: 'Discovered a PlanetScale password, which could lead to unauthorized database operations and data breaches.',
    anchors: ['pscale_pw_'],
    source: '\\b([pP][sS][cC][aA][lL][eE]_[pP][wW]_[\\w=\\.-]{32,64})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 3,
  },
  {
    id: 'postman-api-token',
    doc: 'Uncovered a Postman API token, potentially compromising API testing and development workflows.',
    anchors: ['pmak-'],
    source: '\\b(PMAK-[a-fA-F0-9]{24}\\-[a-fA-F0-9]{34})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
  },
  {
    id: 'prefect-api-token',
    doc: 'Detected a Prefect API token, risking unauthorized access to workflow management and automation services.',
    anchors: ['pnu_'],
    source: '\\b(pnu_[a-zA-Z0-9]{36})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 2,
  },
  {
    id: 'privateai-api-token',
    doc: 'Identified a PrivateAI Token, posing a risk of unauthorized access to AI services and data manipulation.',
    anchors: ['private'],
    gate: ['privateai', 'private_ai', 'private-ai'],
    source:
      '(?:(?:[pP][rR][iI][vV][aA][tT][eE][_-]?[aA][iI])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3})(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-z0-9]{32})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
    kind: 'assignment',
  },
  {
    id: 'pulumi-api-token',
    doc: 'Found a Pulumi API token, posing a risk to infrastructure as code services and cloud resource management.',
    anchors: ['pul-'],
    source: '\\b(pul-[a-f0-9]{40})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 2,
  },
  {
    id: 'pypi-upload-token',
    doc: 'Discovered a PyPI upload token, potentially compromising Python package distribution and repository integrity.',
    anchors: ['pypi-ageichlwas5vcmc'],
    source: 'pypi-AgEIcHlwaS5vcmc[\\w-]{50,1000}',
    entropy: 3,
  },
  {
    id: 'rapidapi-access-token',
    doc: 'Uncovered a RapidAPI Access Token, which could lead to unauthorized access to various APIs and data services.',
    anchors: ['rapidapi'],
    source:
      '(?:[rR][aA][pP][iI][dD][aA][pP][iI])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9_-]{50})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'readme-api-token',
    doc: 'Detected a Readme API token, risking unauthorized documentation management and content exposure.',
    anchors: ['rdme_'],
    source: '\\b(rdme_[a-z0-9]{70})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 2,
  },
  {
    id: 'rubygems-api-token',
    doc: 'Identified a Rubygem API token, potentially compromising Ruby library distribution and package management.',
    anchors: ['rubygems_'],
    source: '\\b(rubygems_[a-f0-9]{48})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 2,
  },
  {
    id: 'scalingo-api-token',
    doc: 'Found a Scalingo API token, posing a risk to cloud platform services and application deployment security.',
    anchors: ['tk-us-'],
    source: '\\b(tk-us-[\\w-]{48})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 2,
  },
  {
    id: 'sendbird-access-id',
    doc: 'Discovered a Sendbird Access ID, which could compromise chat and messaging platform integrations.',
    anchors: ['sendbird'],
    source:
      '(?:[sS][eE][nN][dD][bB][iI][rR][dD])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'sendbird-access-token',
    doc: 'Uncovered a Sendbird Access Token, potentially risking unauthorized access to communication services and user data.',
    anchors: ['sendbird'],
    source:
      '(?:[sS][eE][nN][dD][bB][iI][rR][dD])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-fA-F0-9]{40})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'sendgrid-api-token',
    doc: 'Detected a SendGrid API token, posing a risk of unauthorized email service operations and data exposure.',
    anchors: ['sg.'],
    source: '\\b(SG\\.[a-zA-Z0-9=_\\-\\.]{66})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 2,
  },
  {
    id: 'sendinblue-api-token',
    doc: 'Identified a Sendinblue API token, which may compromise email marketing services and subscriber data privacy.',
    anchors: ['xkeysib-'],
    source: '\\b(xkeysib-[a-f0-9]{64}\\-[a-zA-Z0-9]{16})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 2,
  },
  {
    id: 'sentry-access-token',
    doc: 'Found a Sentry.io Access Token (old format), risking unauthorized access to error tracking services and sensitive application data.',
    anchors: ['sentry'],
    source:
      '(?:[sS][eE][nN][tT][rR][yY])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-fA-F0-9]{64})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 3,
    kind: 'assignment',
  },
  {
    id: 'sentry-org-token',
    doc: 'Found a Sentry.io Organization Token, risking unauthorized access to error tracking services and sensitive application data.',
    anchors: ['sntrys_eyjpyxqio'],
    source:
      '\\bsntrys_eyJpYXQiO[a-zA-Z0-9+/]{10,200}(?:LCJyZWdpb25fdXJs|InJlZ2lvbl91cmwi|cmVnaW9uX3VybCI6)[a-zA-Z0-9+/]{10,200}={0,2}_[a-zA-Z0-9+/]{43}(?:[^a-zA-Z0-9+/]|$)',
    entropy: 4.5,
  },
  {
    id: 'sentry-user-token',
    doc: 'Found a Sentry.io User Token, risking unauthorized access to error tracking services and sensitive application data.',
    anchors: ['sntryu_'],
    source: '\\b(sntryu_[a-f0-9]{64})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3.5,
  },
  {
    id: 'settlemint-application-access-token',
    doc: 'Found a Settlemint Application Access Token.',
    anchors: ['sm_aat'],
    source: '\\b(sm_aat_[a-zA-Z0-9]{16})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
  },
  {
    id: 'settlemint-personal-access-token',
    doc: 'Found a Settlemint Personal Access Token.',
    anchors: ['sm_pat'],
    source: '\\b(sm_pat_[a-zA-Z0-9]{16})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
  },
  {
    id: 'settlemint-service-access-token',
    doc: 'Found a Settlemint Service Access Token.',
    anchors: ['sm_sat'],
    source: '\\b(sm_sat_[a-zA-Z0-9]{16})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
  },
  {
    id: 'shippo-api-token',
    doc: 'Discovered a Shippo API token, potentially compromising shipping services and customer order data.',
    anchors: ['shippo_'],
    source: '\\b(shippo_(?:live|test)_[a-fA-F0-9]{40})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 2,
  },
  {
    id: 'shopify-access-token',
    doc: 'Uncovered a Shopify access token, which could lead to unauthorized e-commerce platform access and data breaches.',
    anchors: ['shpat_'],
    source: 'shpat_[a-fA-F0-9]{32}',
    entropy: 2,
  },
  {
    id: 'shopify-custom-access-token',
    doc: 'Detected a Shopify custom access token, potentially compromising custom app integrations and e-commerce data security.',
    anchors: ['shpca_'],
    source: 'shpca_[a-fA-F0-9]{32}',
    entropy: 2,
  },
  {
    id: 'shopify-private-app-access-token',
    doc: 'Identified a Shopify private app access token, risking unauthorized access to private app data and store operations.',
    anchors: ['shppa_'],
    source: 'shppa_[a-fA-F0-9]{32}',
    entropy: 2,
  },
  {
    id: 'shopify-shared-secret',
    doc: 'Found a Shopify shared secret, posing a risk to application authentication and e-commerce platform security.',
    anchors: ['shpss_'],
    source: 'shpss_[a-fA-F0-9]{32}',
    entropy: 2,
  },
  {
    id: 'sidekiq-secret',
    doc: 'Discovered a Sidekiq Secret, which could lead to compromised background job processing and application data breaches.',
    anchors: ['bundle_enterprise__contribsys__com', 'bundle_gems__contribsys__com'],
    source:
      '(?:[Bb][Uu][Nn][Dd][Ll][Ee]_[Ee][Nn][Tt][Ee][Rr][Pp][Rr][Ii][Ss][Ee]__[Cc][Oo][Nn][Tt][Rr][Ii][Bb][Ss][Yy][Ss]__[Cc][Oo][Mm]|[Bb][Uu][Nn][Dd][Ll][Ee]_[Gg][Ee][Mm][Ss]__[Cc][Oo][Nn][Tt][Rr][Ii][Bb][Ss][Yy][Ss]__[Cc][Oo][Mm])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-fA-F0-9]{8}:[a-fA-F0-9]{8})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'sidekiq-sensitive-url',
    doc: 'Uncovered a Sidekiq Sensitive URL, potentially exposing internal job queues and sensitive operation details.',
    anchors: ['http'],
    gate: ['gems.contribsys.com', 'enterprise.contribsys.com'],
    source:
      '\\b[hH][tT][tT][pP][sS]?://([a-fA-F0-9]{8}:[a-fA-F0-9]{8})@(?:[gG][eE][mM][sS].[cC][oO][nN][tT][rR][iI][bB][sS][yY][sS].[cC][oO][mM]|[eE][nN][tT][eE][rR][pP][rR][iI][sS][eE].[cC][oO][nN][tT][rR][iI][bB][sS][yY][sS].[cC][oO][mM])(?:[\\/|\\#|\\?|:]|$)',
  },
  {
    id: 'slack-app-token',
    doc: 'Detected a Slack App-level token, risking unauthorized access to Slack applications and workspace data.',
    anchors: ['xapp'],
    source: '[xX][aA][pP][pP]-\\d-[A-Za-z0-9]+-\\d+-[a-zA-Z0-9]+',
    entropy: 2,
  },
  {
    id: 'slack-bot-token',
    doc: 'Identified a Slack Bot token, which may compromise bot integrations and communication channel security.',
    anchors: ['xoxb'],
    source: 'xoxb-[0-9]{10,13}-[0-9]{10,13}[a-zA-Z0-9-]*',
    entropy: 3,
  },
  {
    id: 'slack-config-access-token',
    doc: 'Found a Slack Configuration access token, posing a risk to workspace configuration and sensitive data access.',
    anchors: ['xoxe'],
    gate: ['xoxe.xoxb-', 'xoxe.xoxp-'],
    source: '[xX][oO][xX][eE].[xX][oO][xX][bBpP]-\\d-[A-Za-z0-9]{163,166}',
    entropy: 2,
  },
  {
    id: 'slack-config-refresh-token',
    doc: 'Discovered a Slack Configuration refresh token, potentially allowing prolonged unauthorized access to configuration settings.',
    anchors: ['xoxe-'],
    source: '[xX][oO][xX][eE]-\\d-[A-Za-z0-9]{146}',
    entropy: 2,
  },
  {
    id: 'slack-legacy-bot-token',
    doc: 'Uncovered a Slack Legacy bot token, which could lead to compromised legacy bot operations and data exposure.',
    anchors: ['xoxb'],
    source: 'xoxb-[0-9]{8,14}-[a-zA-Z0-9]{18,26}',
    entropy: 2,
  },
  {
    id: 'slack-legacy-token',
    doc: 'Detected a Slack Legacy token, risking unauthorized access to older Slack integrations and user data.',
    anchors: ['xoxo', 'xoxs'],
    source: 'xox[os]-\\d+-\\d+-\\d+-[a-fA-F\\d]+',
    entropy: 2,
  },
  {
    id: 'slack-legacy-workspace-token',
    doc: 'Identified a Slack Legacy Workspace token, potentially compromising access to workspace data and legacy features.',
    anchors: ['xoxa', 'xoxr'],
    source: 'xox[ar]-(?:\\d-)?[0-9a-zA-Z]{8,48}',
    entropy: 2,
  },
  {
    id: 'slack-user-token',
    doc: 'Found a Slack User token, posing a risk of unauthorized user impersonation and data access within Slack workspaces.',
    anchors: ['xoxp-', 'xoxe-'],
    source: 'xox[pe](?:-[0-9]{10,13}){3}-[a-zA-Z0-9-]{28,34}',
    entropy: 2,
  },
  {
    id: 'slack-webhook-url',
    doc: 'Discovered a Slack Webhook, which could lead to unauthorized message posting and data leakage in Slack channels.',
    anchors: ['hooks.slack.com'],
    back: [8, 7, 0],
    source: '(?:https?://)?hooks.slack.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{43,56}',
  },
  {
    id: 'snyk-api-token',
    doc: 'Uncovered a Snyk API token, potentially compromising software vulnerability scanning and code security.',
    anchors: ['oauth', 'snyk', 'token'],
    gate: ['snyk'],
    source:
      '(?:[sS][nN][yY][kK][_.-]?(?:(?:[aA][pP][iI]|[oO][aA][uU][tT][hH])[_.-]?)?(?:[kK][eE][yY]|[tT][oO][kK][eE][nN]))(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'sonar-api-token',
    doc: 'Uncovered a Sonar API token, potentially compromising software vulnerability scanning and code security.',
    anchors: ['sonar', 'token'],
    gate: ['sonar'],
    source:
      '(?:[sS][oO][nN][aA][rR][_.-]?(?:[lL][oO][gG][iI][nN]|[tT][oO][kK][eE][nN]))(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}((?:[sS][qQ][uU]_|[sS][qQ][pP]_|[sS][qQ][aA]_)?[a-zA-Z0-9=_\\-]{40})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'sourcegraph-access-token',
    doc: 'Sourcegraph is a code search and navigation engine.',
    anchors: [],
    gate: ['sgp_', 'sourcegraph'],
    source:
      '\\b(\\b([sS][gG][pP]_(?:[a-fA-F0-9]{16}|[lL][oO][cC][aA][lL])_[a-fA-F0-9]{40}|[sS][gG][pP]_[a-fA-F0-9]{40}|[a-fA-F0-9]{40})\\b)(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 3,
    kind: 'whole',
  },
  {
    id: 'square-access-token',
    doc: 'Detected a Square Access Token, risking unauthorized payment processing and financial transaction exposure.',
    anchors: ['sq0atp-', 'eaaa'],
    source: '\\b((?:EAAA|sq0atp-)[\\w-]{22,60})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 2,
  },
  {
    id: 'squarespace-access-token',
    doc: 'Identified a Squarespace Access Token, which may compromise website management and content control on Squarespace.',
    anchors: ['squarespace'],
    source:
      '(?:[sS][qQ][uU][aA][rR][eE][sS][pP][aA][cC][eE])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'stripe-access-token',
    doc: 'Found a Stripe Access Token, posing a risk to payment processing services and sensitive financial data.',
    anchors: ['sk_test', 'sk_live', 'sk_prod', 'rk_test', 'rk_live', 'rk_prod'],
    source: '\\b((?:sk|rk)_(?:test|live|prod)_[a-zA-Z0-9]{10,99})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 2,
  },
  {
    id: 'sumologic-access-id',
    doc: 'Discovered a SumoLogic Access ID, potentially compromising log management services and data analytics integrity.',
    anchors: ['sumo'],
    source:
      '(?:(?:(?:[Ss]umo|SUMO))(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3})(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}(su[a-zA-Z0-9]{12})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3,
    kind: 'assignment',
  },
  {
    id: 'sumologic-access-token',
    doc: 'Uncovered a SumoLogic Access Token, which could lead to unauthorized access to log data and analytics insights.',
    anchors: ['sumo'],
    source:
      '(?:(?:[Ss]umo|SUMO))(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{64})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    entropy: 3,
    kind: 'assignment',
  },
  {
    id: 'telegram-bot-api-token',
    doc: 'Detected a Telegram Bot API Token, risking unauthorized bot operations and message interception on Telegram.',
    anchors: ['telegr'],
    source:
      '(?:[tT][eE][lL][eE][gG][rR])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([0-9]{5,16}:(?:A)[a-zA-Z0-9_\\-]{34})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'travisci-access-token',
    doc: 'Identified a Travis CI Access Token, potentially compromising continuous integration services and codebase security.',
    anchors: ['travis'],
    source:
      '(?:[tT][rR][aA][vV][iI][sS])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{22})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'twilio-api-key',
    doc: 'Found a Twilio API Key, posing a risk to communication services and sensitive customer interaction data.',
    anchors: ['sk'],
    source: 'SK[0-9a-fA-F]{32}',
    entropy: 3,
  },
  {
    id: 'twitch-api-token',
    doc: 'Discovered a Twitch API token, which could compromise streaming services and account integrations.',
    anchors: ['twitch'],
    source:
      '(?:[tT][wW][iI][tT][cC][hH])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{30})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'twitter-access-secret',
    doc: 'Uncovered a Twitter Access Secret, potentially risking unauthorized Twitter integrations and data breaches.',
    anchors: ['twitter'],
    source:
      '(?:[tT][wW][iI][tT][tT][eE][rR])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{45})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'twitter-access-token',
    doc: 'Detected a Twitter Access Token, posing a risk of unauthorized account operations and social media data exposure.',
    anchors: ['twitter'],
    source:
      '(?:[tT][wW][iI][tT][tT][eE][rR])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([0-9]{15,25}-[a-zA-Z0-9]{20,40})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'twitter-api-key',
    doc: 'Identified a Twitter API Key, which may compromise Twitter application integrations and user data security.',
    anchors: ['twitter'],
    source:
      '(?:[tT][wW][iI][tT][tT][eE][rR])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{25})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'twitter-api-secret',
    doc: 'Found a Twitter API Secret, risking the security of Twitter app integrations and sensitive data access.',
    anchors: ['twitter'],
    source:
      '(?:[tT][wW][iI][tT][tT][eE][rR])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{50})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'twitter-bearer-token',
    doc: 'Discovered a Twitter Bearer Token, potentially compromising API access and data retrieval from Twitter.',
    anchors: ['twitter'],
    source:
      '(?:[tT][wW][iI][tT][tT][eE][rR])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([Aa]{22}[a-zA-Z0-9%]{80,100})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'typeform-api-token',
    doc: 'Uncovered a Typeform API token, which could lead to unauthorized survey management and data collection.',
    anchors: ['typeform'],
    gate: ['tfp_'],
    source:
      '(?:[tT][yY][pP][eE][fF][oO][rR][mM])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([tT][fF][pP]_[a-zA-Z0-9\\-_\\.=]{59})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'vault-batch-token',
    doc: 'Detected a Vault Batch Token, risking unauthorized access to secret management services and sensitive data.',
    anchors: ['hvb.'],
    source: '\\b(hvb\\.[\\w-]{138,300})(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 4,
  },
  {
    id: 'vault-service-token',
    doc: 'Identified a Vault Service Token, potentially compromising infrastructure security and access to sensitive credentials.',
    anchors: ['hvs.', 's.'],
    source: '\\b((?:hvs\\.[\\w-]{90,120}|s\\.(?:[a-zA-Z0-9]{24})))(?:[\\x60\'"\\s;]|\\\\[nr]|$)',
    entropy: 3.5,
  },
  {
    id: 'yandex-access-token',
    doc: 'Found a Yandex Access Token, posing a risk to Yandex service integrations and user data privacy.',
    anchors: ['yandex'],
    source:
      '(?:[yY][aA][nN][dD][eE][xX])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([tT]1\\.[A-Z0-9a-z_-]+[=]{0,2}\\.[A-Z0-9a-z_-]{86}[=]{0,2})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'yandex-api-key',
    doc: 'Discovered a Yandex API Key, which could lead to unauthorized access to Yandex services and data manipulation.',
    anchors: ['yandex'],
    source:
      '(?:[yY][aA][nN][dD][eE][xX])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([Aa][Qq][Vv][Nn][A-Za-z0-9_\\-]{35,38})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'yandex-aws-access-token',
    doc: 'Uncovered a Yandex AWS Access Token, potentially compromising cloud resource access and data security on Yandex Cloud.',
    anchors: ['yandex'],
    source:
      '(?:[yY][aA][nN][dD][eE][xX])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([Yy][Cc][a-zA-Z0-9_\\-]{38})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
  {
    id: 'zendesk-secret-key',
    doc: 'Detected a Zendesk Secret Key, risking unauthorized access to customer support services and sensitive ticketing data.',
    anchors: ['zendesk'],
    source:
      '(?:[zZ][eE][nN][dD][eE][sS][kK])(?:[ \\t\\w.-]{0,20})[\\s\'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60\'"\\s=]{0,5}([a-zA-Z0-9]{40})(?:[\\x60\'"\\s;]|\\\\[nNrR]|$)',
    kind: 'assignment',
  },
]
