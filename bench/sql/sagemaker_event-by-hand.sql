-- The same columns of SageMaker's events, for the two kinds of event in the corpus.
copy (
  with line as (
    select filename, json as record
    from read_json_objects({{files}}, format = 'newline_delimited', filename = true)
  ),
  event as (
    select
      filename,
      unnest(json_transform(record, '{"version":"VARCHAR","id":"VARCHAR","detail-type":"VARCHAR","account":"VARCHAR","time":"TIMESTAMP","region":"VARCHAR","resources":"JSON","detail":"JSON"}')),
      case
        when len(list_filter(json_keys(record), lambda key: key not in (
          'version', 'id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail'
        ))) > 0 then record
      end as unmapped
    from line
  ),
  detailed as (
    select
      *,
      unnest(json_transform(detail, '{"TrainingJobName":"VARCHAR","TrainingJobArn":"VARCHAR","TrainingJobStatus":"VARCHAR","EndpointName":"VARCHAR","EndpointArn":"VARCHAR","EndpointStatus":"VARCHAR","EndpointConfigName":"VARCHAR","SecondaryStatus":"VARCHAR","FailureReason":"VARCHAR","RoleArn":"VARCHAR","HyperParameters":"JSON","AlgorithmSpecification":{"TrainingImage":"VARCHAR"},"InputDataConfig":[{"DataSource":{"S3DataSource":{"S3Uri":"VARCHAR"}}}],"OutputDataConfig":{"S3OutputPath":"VARCHAR"},"ResourceConfig":{"InstanceType":"VARCHAR","InstanceCount":"BIGINT"},"ProductionVariants":[{"ModelName":"VARCHAR","InstanceType":"VARCHAR","DesiredInstanceCount":"BIGINT","DeployedImages":[{"SpecifiedImage":"VARCHAR"}]}],"EnableNetworkIsolation":"BOOLEAN","VpcConfig":"JSON","BillableTimeInSeconds":"BIGINT","CreationTime":"BIGINT","TrainingStartTime":"BIGINT","TrainingEndTime":"BIGINT","LastModifiedTime":"BIGINT","LastModifiedBy":{"UserProfileName":"VARCHAR"},"Tags":"JSON"}'))
    from event
  )
  select
    make_timestamptz(epoch_us(time)) as time,
    id,
    account,
    region,
    "detail-type" as detail_type,
    case when "TrainingJobName" is null then 'Endpoint' else 'TrainingJob' end as resourcetype,
    coalesce("TrainingJobName", "EndpointName") as resourcename,
    coalesce("TrainingJobArn", "EndpointArn") as resourcearn,
    coalesce(
      "TrainingJobStatus",
      array_to_string(list_transform(string_split("EndpointStatus", '_'), lambda word: word[1] || lower(word[2:])), '')
    ) as status,
    null::varchar as previousstatus,
    "SecondaryStatus" as secondarystatus,
    "FailureReason" as failurereason,
    "RoleArn" as rolearn,
    coalesce("AlgorithmSpecification"."TrainingImage", "ProductionVariants"[1]."DeployedImages"[1]."SpecifiedImage") as image,
    "ProductionVariants"[1]."ModelName" as modelname,
    "EndpointConfigName" as endpointconfigname,
    coalesce("ResourceConfig"."InstanceType", "ProductionVariants"[1]."InstanceType") as instancetype,
    coalesce("ResourceConfig"."InstanceCount", "ProductionVariants"[1]."DesiredInstanceCount") as instancecount,
    null::varchar as instanceid,
    make_timestamptz("CreationTime" * 1000) as creationtime,
    make_timestamptz("TrainingStartTime" * 1000) as starttime,
    make_timestamptz("TrainingEndTime" * 1000) as endtime,
    make_timestamptz("LastModifiedTime" * 1000) as lastmodifiedtime,
    "BillableTimeInSeconds" as billableseconds,
    "HyperParameters" as hyperparameters,
    list_transform("InputDataConfig", lambda input: input."DataSource"."S3DataSource"."S3Uri")::json as inputs3uris,
    "OutputDataConfig"."S3OutputPath" as outputs3uri,
    "EnableNetworkIsolation" as networkisolation,
    "VpcConfig" as vpcconfig,
    "LastModifiedBy"."UserProfileName" as userprofilename,
    nullif("Tags", '{}') as tags,
    resources,
    detail,
    version,
    unmapped,
    filename as lake_object,
    time::date as lake_day,
    now() as lake_ingested_at
  from detailed
) to {{target}} (format parquet, compression zstd)
