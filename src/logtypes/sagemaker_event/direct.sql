-- Events about training jobs, transform jobs and endpoints as the rows that `prepare.ts` makes.
with named as (
  select
    *,
    case "detail-type"
      when 'SageMaker Training Job State Change' then 'TrainingJob'
      when 'SageMaker Transform Job State Change' then 'TransformJob'
      else 'Endpoint'
    end as kind,
    -- all fields of the first variant at once, since each call parses the JSON again
    json_extract("detail.ProductionVariants", [
      '$[0].DeployedImages[0].SpecifiedImage', '$[0].ModelName', '$[0].InstanceType',
      '$[0].CurrentInstanceCount', '$[0].DesiredInstanceCount', '$[0].InitialInstanceCount'
    ]) as variant
  from record
),
told as (
  select
    *,
    coalesce(
      case kind
        when 'TrainingJob' then nullif("detail.TrainingJobArn", '')
        when 'TransformJob' then nullif("detail.TransformJobArn", '')
        else nullif("detail.EndpointArn", '')
      end,
      case when starts_with(resources, '["') then resources ->> '$[0]' end
    ) as arn,
    case kind
      when 'TrainingJob' then nullif("detail.TrainingJobName", '')
      when 'TransformJob' then nullif("detail.TransformJobName", '')
      else nullif("detail.EndpointName", '')
    end as name,
    case kind
      when 'TrainingJob' then nullif("detail.TrainingJobStatus", '')
      when 'TransformJob' then nullif("detail.TransformJobStatus", '')
      else nullif("detail.EndpointStatus", '')
    end as status
  from named
)
select
  make_timestamptz(epoch_us(time)) as time,
  id,
  account,
  region,
  "detail-type" as detail_type,
  kind as resourcetype,
  coalesce(name, nullif(regexp_extract(arn, '^arn:aws[a-z-]*:sagemaker:[^/]*/(.+)$', 1), '')) as resourcename,
  arn as resourcearn,
  case
    when status in ('InProgress', 'Completed', 'Failed', 'Stopping', 'Stopped') then status
    when regexp_full_match(status, '[A-Z]+(?:_[A-Z]+)*')
    then array_to_string(list_transform(string_split(status, '_'), lambda word: word[1] || lower(word[2:])), '')
    else status
  end as status,
  null::varchar as previousstatus,
  nullif("detail.SecondaryStatus", '') as secondarystatus,
  nullif("detail.FailureReason", '') as failurereason,
  coalesce("detail.RoleArn", "detail.ExecutionRoleArn") as rolearn,
  coalesce(
    "detail.AlgorithmSpecification.TrainingImage",
    "detail.AlgorithmSpecification.AlgorithmName",
    case when starts_with(variant[1]::varchar, '"') then variant[1] ->> '$' end
  ) as image,
  coalesce(
    "detail.ModelName",
    case when starts_with(variant[2]::varchar, '"') then variant[2] ->> '$' end
  ) as modelname,
  "detail.EndpointConfigName" as endpointconfigname,
  coalesce(
    "detail.ResourceConfig.InstanceType",
    "detail.TransformResources.InstanceType",
    case when starts_with(variant[3]::varchar, '"') then variant[3] ->> '$' end
  ) as instancetype,
  coalesce(
    "detail.ResourceConfig.InstanceCount"::bigint,
    "detail.TransformResources.InstanceCount"::bigint,
    case when regexp_full_match(variant[4]::varchar, '\d{1,15}') then variant[4]::bigint end,
    case when regexp_full_match(variant[5]::varchar, '\d{1,15}') then variant[5]::bigint end,
    case when regexp_full_match(variant[6]::varchar, '\d{1,15}') then variant[6]::bigint end
  ) as instancecount,
  "detail.InstanceId" as instanceid,
  make_timestamptz(epoch_us("detail.CreationTime")) as creationtime,
  make_timestamptz(epoch_us(coalesce("detail.TrainingStartTime", "detail.TransformStartTime"))) as starttime,
  make_timestamptz(epoch_us(coalesce("detail.TrainingEndTime", "detail.TransformEndTime"))) as endtime,
  make_timestamptz(epoch_us("detail.LastModifiedTime")) as lastmodifiedtime,
  "detail.BillableTimeInSeconds"::bigint as billableseconds,
  case when "detail.HyperParameters" not in ('{}', '[]') then "detail.HyperParameters" end as hyperparameters,
  -- values that are JSON strings, with their quotes
  '[' || nullif(array_to_string(
    coalesce(
      list_filter(json_extract("detail.InputDataConfig", '$[*].DataSource.S3DataSource.S3Uri'), lambda uri: starts_with(uri::varchar, '"')),
      []
    ) || case
      when "detail.TransformInput.DataSource.S3DataSource.S3Uri" is null then []
      else [to_json("detail.TransformInput.DataSource.S3DataSource.S3Uri")]
    end,
    ','
  ), '') || ']' as inputs3uris,
  coalesce("detail.OutputDataConfig.S3OutputPath", "detail.TransformOutput.S3OutputPath") as outputs3uri,
  "detail.EnableNetworkIsolation"::boolean as networkisolation,
  case when "detail.VpcConfig" not in ('{}', '[]') then "detail.VpcConfig" end as vpcconfig,
  coalesce("detail.LastModifiedBy.UserProfileName", "detail.CreatedBy.UserProfileName") as userprofilename,
  case when "detail.Tags" not in ('{}', '[]') then "detail.Tags" end as tags,
  resources,
  if(json_valid(detail), detail, error('the detail of an event is malformed')) as detail,
  version,
  null::varchar as unmapped,
  lake_object
from told
