-- Macros for the SQL of rules. Each statement is one macro, temporary, created once in an engine.

-- A JSON value as text: a string's content, anything else as JSON.
create or replace temp macro sigma_text(value) as
  case when starts_with(value, '"') then try(json_extract_string(value, '$')) else value end;

-- Some JSON values, with its items in the place of each list among them.
create or replace temp macro sigma_items(found) as
  flatten(
    list_transform(
      found,
      lambda one: case when json_type(one) = 'ARRAY' then json_extract(one, '$[*]') else [one::json] end
    )
  );

-- The same for lists within lists, four deep.
create or replace temp macro sigma_all_items(found) as
  sigma_items(sigma_items(sigma_items(sigma_items(found))));

-- The values under a key (as a JSON pointer) in each of some JSON values, and in each item of those that are
-- lists.
create or replace temp macro sigma_step(found, pointer) as
  list_filter(
    list_transform(sigma_all_items(found), lambda item: json_extract(item, pointer)),
    lambda inner_value: inner_value is not null
  );

-- The texts of some JSON values, and of each item of those that are lists; null for null.
create or replace temp macro sigma_leaves(found) as
  list_transform(sigma_all_items(found), lambda item: json_extract_string(item, '$'));

-- A time as AWS writes it; with microseconds where it has a fraction.
create or replace temp macro sigma_time(value) as
  case
    when date_part('microseconds', value)::bigint % 1000000 = 0 then strftime(value, '%Y-%m-%dT%H:%M:%SZ')
    else strftime(value, '%Y-%m-%dT%H:%M:%S.%fZ')
  end;

-- A number as JSON writes it.
create or replace temp macro sigma_number(value) as
  case when value = trunc(value) and abs(value) < 1e15 then value::bigint::varchar else value::varchar end;

-- An IPv4 address as twelve digits, whose order is that of addresses; null for any other text.
create or replace temp macro sigma_ip4(value) as
  case
    when regexp_full_match(value, '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\.(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}')
    then array_to_string(list_transform(string_split(value, '.'), lambda part: lpad(part, 3, '0')), '')
  end;

-- An IPv6 address as 32 hexadecimal digits; null for any other text, and for those that end in an IPv4 address.
create or replace temp macro sigma_ip6(value) as
  case
    when contains(value, ':') and regexp_full_match(value, '[0-9a-fA-F:]{2,39}')
      and not contains(value, ':::') and len(string_split(value, '::')) <= 2
      and len(list_filter(string_split(value, ':'), lambda part: len(part) > 4)) = 0
      and (
        contains(value, '::') and len(list_filter(string_split(value, ':'), lambda part: part <> '')) <= 7
        or not contains(value, '::')
          and len(string_split(value, ':')) = 8
          and len(list_filter(string_split(value, ':'), lambda part: part = '')) = 0
      )
    then array_to_string(
      list_transform(
        list_concat(
          list_filter(string_split(split_part(value, '::', 1), ':'), lambda part: part <> ''),
          list_concat(
            list_transform(
              range(8 - len(list_filter(string_split(value, ':'), lambda part: part <> ''))),
              lambda number: '0'
            ),
            case
              when contains(value, '::')
              then list_filter(string_split(split_part(value, '::', 2), ':'), lambda part: part <> '')
              else []
            end
          )
        ),
        lambda part: lpad(lower(part), 4, '0')
      ),
      ''
    )
  end;

-- The first ARN in CloudTrail's list of resources.
create or replace temp macro sigma_first_arn(value) as
  coalesce(try(json_extract_string(value, '$[0].ARN')), try(json_extract_string(value, '$[0].arn')));

-- A text as a number for sums: null for any other text, and for infinity.
create or replace temp macro sigma_finite(value) as
  case when isfinite(try_cast(value as double)) then try_cast(value as double) end
