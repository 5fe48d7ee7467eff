-- Functions that Athena and CloudTrail Lake have and DuckDB lacks, or has under another name, so that
-- published queries run unchanged. No function of DuckDB changes its meaning, with two exceptions:
-- `element_at` of a map gives the value instead of a list of it, and `cardinality` counts a list, too.
-- https://docs.aws.amazon.com/athena/latest/ug/functions-env3.html
create type ipaddress as varchar;
create type ipprefix as varchar;
create macro element_at(container, key) as container[key];
create macro cardinality(container) as case
  when typeof(container) like 'MAP%' then len(json_keys(to_json(container)))
  else json_array_length(to_json(container))
end;
create macro json_extract_scalar(text, path) as case
  when json_type(try_cast(text as json), trino.json_path(path)) not in ('OBJECT', 'ARRAY')
    then json_extract_string(try_cast(text as json), trino.json_path(path))
end;
create macro json_parse(text) as text::json;
create macro json_format(tree) as tree::varchar;
create macro json_size(text, path) as case json_type(try_cast(text as json), trino.json_path(path))
  when 'ARRAY' then json_array_length(try_cast(text as json), trino.json_path(path))
  when 'OBJECT' then len(json_keys(try_cast(text as json), trino.json_path(path)))
  else 0
end;
create macro json_array_get(text, place) as
  json_extract(try_cast(text as json), '$[' || if(place < 0, '#' || place, place::varchar) || ']');
create macro json_array_contains(text, item) as
  list_contains(json_extract(try_cast(text as json), '$[*]')::varchar[], to_json(item)::varchar);
create macro is_json_scalar(text) as json_type(text::json) not in ('OBJECT', 'ARRAY');
create macro regexp_like(text, pattern) as regexp_matches(text, pattern);
create macro regexp_count(text, pattern) as len(regexp_extract_all(text, pattern));
create macro regexp_split(text, pattern) as string_split_regex(text, pattern);
create macro codepoint(letter) as unicode(letter);
create macro levenshtein_distance(a, b) as levenshtein(a, b);
create macro hamming_distance(a, b) as hamming(a, b);
create macro to_utf8(text) as encode(text);
create macro from_utf8(bytes) as decode(bytes);
create macro rand() as random(),
  (most) as trino.random(most),
  (least, most) as trino.random(least, most);
create macro array_join(items, separator) as array_to_string(items, separator),
  (items, separator, absent) as array_to_string(
    list_transform(items, lambda item: coalesce(item::varchar, absent)), separator
  );
create macro sequence(a date, b date) as list_transform(
    generate_series(0, abs(b - a)), lambda days: (a + (if(a <= b, days, -days))::integer)::date
  ),
  (a, b) as generate_series(a, b, if(a <= b, 1, -1)),
  (a, b, step) as generate_series(a, b, step);
create macro approx_distinct(item) as approx_count_distinct(item),
  (item, error_rate) as approx_count_distinct(item);
create macro approx_percentile(item, part) as approx_quantile(item, part);
create macro every(condition) as bool_and(condition);
create macro set_agg(item) as list_distinct(list(item));
create macro from_iso8601_timestamp(text) as text::timestamptz;
create macro from_iso8601_date(text) as case
  when regexp_full_match(text, '\d{4}-?W\d{2}') then strptime(replace(text, '-', '') || '1', '%GW%V%u')::date
  when regexp_full_match(text, '\d{4}-?W\d{2}-?\d') then strptime(replace(text, '-', ''), '%GW%V%u')::date
  when regexp_full_match(text, '\d{4}-?\d{3}') then strptime(replace(text, '-', ''), '%Y%j')::date
  else text::date
end;
create macro to_iso8601(moment) as case typeof(moment)
  when 'DATE' then strftime(moment, '%Y-%m-%d')
  when 'TIMESTAMP WITH TIME ZONE' then strftime(moment, '%Y-%m-%dT%H:%M:%S.%gZ')
  else strftime(moment, '%Y-%m-%dT%H:%M:%S.%g')
end;
create macro from_unixtime(seconds) as to_timestamp(seconds),
  (seconds, zone) as timezone(zone, to_timestamp(seconds));
create macro to_unixtime(moment) as epoch(moment);
create macro date_format(moment, format) as case
  when trino.mysql_facts(format).unknown is not null
    then error(trino.mysql_refused(trino.mysql_facts(format).unknown))
  else strftime(moment, trino.mysql_facts(format).written)
end;
-- `contains` is always true: without it, DuckDB would evaluate the format when it creates the macro, and fail
-- because it is not a constant.
create macro date_parse(text, format) as case
  when trino.mysql_facts(format).unknown is not null
    then error(trino.mysql_refused(trino.mysql_facts(format).unknown))::timestamp
  when trino.mysql_facts(format).refused is not null
    then error('date_parse cannot read ' || trino.mysql_facts(format).refused)::timestamp
  -- The two digits of a year are of 1970 to 2069.
  else trino.in_century(
    strptime(
      -- Of a fraction, Trino reads up to nine digits, and DuckDB six.
      trino.mysql_facts(format).year
        || if(contains(format, '%f'), regexp_replace(text, '([.,]\d{6})\d{1,3}(\D|$)', '\1\2'), text),
      if(contains(format, ''), trino.mysql_facts(format).parsed, '')
    ),
    trino.mysql_facts(format).short, 1970, 2069
  )
end;
create macro format_datetime(moment, format) as case
  when format = '' then error('format_datetime has an empty format')
  when trino.joda_facts(format, true).unknown is not null
    then error(trino.joda_refused(trino.joda_facts(format, true).unknown, true))
  else trino.joda_filled(
    strftime(moment, coalesce(trino.joda_facts(format, true).written, '%%')), moment
  )
end;
create macro parse_datetime(text, format) as case
  when trino.joda_facts(format, false).unknown is not null
    then error(trino.joda_refused(trino.joda_facts(format, false).unknown, false))::timestamptz
  when trino.joda_facts(format, false).refused is not null
    then error('parse_datetime cannot read ' || trino.joda_facts(format, false).refused)::timestamptz
  -- Those of Joda are of the 80 years up to this one, and of 19 to come.
  else trino.in_century(
    strptime(
      -- `Z` also reads a literal Z.
      trino.joda_facts(format, false).year
        || if(regexp_matches(format, 'Z$'), regexp_replace(text, 'Z$', '+00'), text),
      if(contains(format, ''), trino.joda_facts(format, false).parsed, '')
    )::timestamptz,
    trino.joda_facts(format, false).short, year(current_date) - 80, year(current_date) + 19
  )
end;
create macro date_add(day, span) as day + span, (unit, number, moment) as moment + (number || ' ' || unit)::interval;
create macro at_timezone(moment, zone) as timezone(zone, moment);
create macro day_of_week(moment) as isodow(moment);
create macro dow(moment) as isodow(moment);
create macro day_of_month(moment) as day(moment);
create macro day_of_year(moment) as dayofyear(moment);
create macro doy(moment) as dayofyear(moment);
create macro week_of_year(moment) as weekofyear(moment);
create macro year_of_week(moment) as isoyear(moment);
create macro yow(moment) as isoyear(moment);
create macro last_day_of_month(moment) as last_day(moment);
create macro url_extract_protocol(url) as nullif(regexp_extract(url, '^([A-Za-z][A-Za-z0-9+.-]*):', 1), '');
create macro url_extract_host(url) as nullif(regexp_extract(url, '^[^:/?#]+://(?:[^/?#@]*@)?(\[[^\]]*\]|[^:/?#]*)', 1), '');
create macro url_extract_port(url) as
  try_cast(regexp_extract(url, '^[^:/?#]+://(?:[^/?#@]*@)?(?:\[[^\]]*\]|[^:/?#]*):(\d+)', 1) as bigint);
create macro url_extract_path(url) as regexp_extract(url, '^(?:[^:/?#]+:)?(?://[^/?#]*)?([^?#]*)', 1);
create macro url_extract_query(url) as nullif(regexp_extract(url, '\?([^#]*)', 1), '');
create macro url_extract_fragment(url) as nullif(regexp_extract(url, '#(.*)$', 1), '');
create macro url_extract_parameter(url, name) as url_decode(list_filter(
  list_transform(
    string_split(regexp_extract(url, '\?([^#]*)', 1), '&'), lambda pair: {
      'name': split_part(pair, '=', 1), 'value': substr(pair, strlen(split_part(pair, '=', 1)) + 2)
    }
  ),
  lambda pair: pair.name = name
)[1].value);
