-- Functions that Athena and CloudTrail Lake have and DuckDB has not, or has under another name: published queries run as
-- they are. Nothing that DuckDB has changes its meaning; `element_at` of a map alone gives the value, not a list of it,
-- and `cardinality` counts a list, too. https://docs.aws.amazon.com/athena/latest/ug/functions-env3.html
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
  json_extract(text, '$[' || if(place < 0, '#' || place, place::varchar) || ']');
create macro json_array_contains(text, item) as
  list_contains(json_extract(try_cast(text as json), '$[*]')::varchar[], to_json(item)::varchar);
create macro is_json_scalar(text) as json_type(text::json) not in ('OBJECT', 'ARRAY');
create macro regexp_like(text, pattern) as regexp_matches(text, pattern);
create macro regexp_count(text, pattern) as len(regexp_extract_all(text, pattern));
create macro regexp_split(text, pattern) as string_split_regex(text, pattern);
create macro split_to_map(text, outer_separator, inner_separator) as map_from_entries(list_transform(
  list_filter(string_split(text, outer_separator), lambda entry: entry <> ''),
  lambda entry: {
    'key': split_part(entry, inner_separator, 1),
    'value': substr(entry, strlen(split_part(entry, inner_separator, 1)) + strlen(inner_separator) + 1)
  }
));
create macro codepoint(letter) as unicode(letter);
create macro levenshtein_distance(a, b) as levenshtein(a, b);
create macro hamming_distance(a, b) as hamming(a, b);
create macro to_utf8(text) as encode(text);
create macro from_utf8(bytes) as decode(bytes);
create macro rand() as random();
create macro array_join(items, separator) as array_to_string(items, separator),
  (items, separator, absent) as array_to_string(
    list_transform(items, lambda item: coalesce(item::varchar, absent)), separator
  );
create macro array_sort(items) as list_sort(items);
create macro array_max(items) as list_max(items);
create macro array_min(items) as list_min(items);
create macro array_sum(items) as list_sum(items);
create macro array_average(items) as list_avg(items);
create macro array_remove(items, item) as list_filter(items, lambda one: one <> item);
create macro array_except(a, b) as list_filter(list_distinct(a), lambda one: not list_contains(b, one));
create macro array_union(a, b) as list_distinct(list_concat(a, b));
create macro arrays_overlap(a, b) as list_has_any(a, b);
create macro contains_sequence(items, part) as list_contains(
  list_transform(range(len(items) - len(part) + 1), lambda skipped: list_slice(items, skipped + 1, skipped + len(part)) = part), true
);
create macro slice(items, start, length) as
  list_slice(items, if(start < 0, len(items) + start + 1, start), if(start < 0, len(items) + start, start - 1) + length);
create macro sequence(a, b) as generate_series(a, b),
  (a, b, step) as generate_series(a, b, step);
create macro approx_distinct(item) as approx_count_distinct(item),
  (item, error_rate) as approx_count_distinct(item);
create macro approx_percentile(item, part) as approx_quantile(item, part);
create macro every(condition) as bool_and(condition);
create macro set_agg(item) as list_distinct(list(item));
create macro trino.map_of(entries) as map_from_entries(list_filter(
  entries, lambda one, place: list_position(list_transform(entries, lambda other: other.key), one.key) = place
));
create macro map_agg(key, value) as trino.map_of(list({'key': key, 'value': value}) filter (key is not null));
create macro from_iso8601_timestamp(text) as text::timestamptz;
create macro from_iso8601_date(text) as text::date;
create macro to_iso8601(moment) as strftime(moment, '%Y-%m-%dT%H:%M:%S.%gZ');
create macro from_unixtime(seconds) as to_timestamp(seconds);
create macro to_unixtime(moment) as epoch(moment);
create macro date_format(moment, format) as case
  when trino.mysql_unknown(format) is not null then trino.mysql_refused(format)
  else strftime(moment, trino.mysql_format(format))
end;
-- `contains` is always true: without it, DuckDB would look at the format while it makes the macro, and find no constant.
create macro date_parse(text, format) as case
  when trino.mysql_unknown(format) is not null then trino.mysql_refused(format)::timestamp
  else strptime(text, if(contains(format, ''), trino.mysql_format(format), ''))
end;
create macro format_datetime(moment, format) as case
  when trino.joda_unknown(format) is not null then trino.joda_refused(format)
  else strftime(moment, trino.joda_format(format, true))
end;
create macro parse_datetime(text, format) as case
  when trino.joda_unknown(format) is not null then trino.joda_refused(format)::timestamptz
  else strptime(
    -- `Z` reads a Z, too.
    if(regexp_matches(format, 'Z$'), regexp_replace(text, 'Z$', '+00'), text),
    if(contains(format, ''), trino.joda_format(format, false), '')
  )::timestamptz
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
