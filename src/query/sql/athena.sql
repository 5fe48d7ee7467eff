-- Functions that Athena and CloudTrail Lake have and DuckDB has not, or has under another name: published queries run as
-- they are. Nothing that DuckDB has changes its meaning; `element_at` of a map alone gives the value, not a list of it.
-- https://docs.aws.amazon.com/athena/latest/ug/functions-env3.html
create macro element_at(container, key) as container[key];
create macro json_extract_scalar(text, path) as json_extract_string(text, path);
create macro json_parse(text) as text::json;
create macro json_format(tree) as tree::varchar;
create macro regexp_like(text, pattern) as regexp_matches(text, pattern);
create macro array_join(items, separator) as array_to_string(items, separator);
create macro approx_distinct(item) as approx_count_distinct(item);
create macro from_iso8601_timestamp(text) as text::timestamptz;
create macro from_iso8601_date(text) as text::date;
create macro to_iso8601(moment) as strftime(moment, '%Y-%m-%dT%H:%M:%S.%gZ');
create macro from_unixtime(seconds) as to_timestamp(seconds);
create macro to_unixtime(moment) as epoch(moment);
create macro date_format(moment, format) as strftime(moment, replace(replace(format, '%i', '%M'), '%s', '%S'));
create macro date_add(day, span) as day + span, (unit, number, moment) as moment + (number || ' ' || unit)::interval;
