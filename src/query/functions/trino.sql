-- Functions of Trino that DuckDB has with another meaning. They are asked as trino.<name>; a question to `cloudtrail_lake` or a
-- view of the schema `athena` means them without that. https://trino.io/docs/current/functions.html
create macro trino.date_diff(unit, a, b) as system.main.date_sub(unit, a, b);
create macro trino.regexp_extract(text, pattern) as
    case when regexp_matches(text, pattern) then system.main.regexp_extract(text, pattern) end,
  (text, pattern, part) as
    case when regexp_matches(text, pattern) then system.main.regexp_extract(text, pattern, part) end;
create macro trino.regexp_replace(text, pattern) as system.main.regexp_replace(text, pattern, '', 'g'),
  (text, pattern, other) as system.main.regexp_replace(
    text, pattern, system.main.regexp_replace(other, '\$(\d)', '\\\1', 'g'), 'g'
  );
create macro trino.split_part(text, separator, place) as
  case when place <= len(string_split(text, separator)) then system.main.split_part(text, separator, place) end;
create macro trino.replace(text, part) as system.main.replace(text, part, ''),
  (text, part, other) as system.main.replace(text, part, other);
create macro trino.array_position(items, item) as coalesce(system.main.list_position(items, item), 0);
-- `$['a']` and `$["a"]` are `$."a"` to DuckDB.
create macro trino.json_path(path) as
  system.main.regexp_replace(path, '\[(?:''([^'']*)''|"([^"]*)")\]', '."\1\2"', 'g');
create macro trino.json_extract(text, path) as
  system.main.json_extract(try_cast(text as json), trino.json_path(path));
create macro trino.json_array_length(text) as case json_type(try_cast(text as json))
  when 'ARRAY' then system.main.json_array_length(try_cast(text as json))
end;
-- Addresses as their hexadecimal digits; null is none.
create macro trino.group_digits(groups) as coalesce(list_aggregate(
  list_transform(
    list_filter(string_split(groups, ':'), lambda part: part <> ''),
    lambda part: lpad(lower(part), 4, '0')
  ), 'string_agg', ''
), '');
create macro trino.address_digits(address) as case
  when regexp_full_match(address, '\d{1,3}(\.\d{1,3}){3}') then list_aggregate(
    list_transform(string_split(address, '.'), lambda part: lpad(to_hex(try_cast(part as utinyint)), 2, '0')),
    'string_agg', ''
  )
  when regexp_full_match(address, '[0-9a-fA-F:]*:[0-9a-fA-F:]*') then
    trino.group_digits(string_split(address, '::')[1])
    || repeat('0', greatest(0, 32 - strlen(trino.group_digits(string_split(address, '::')[1]))
      - strlen(trino.group_digits(coalesce(string_split(address, '::')[2], '')))))
    || trino.group_digits(coalesce(string_split(address, '::')[2], ''))
end;
create macro trino.is_prefix(one, other, bits) as
  strlen(one) = strlen(other)
  and one[1:bits // 4] = other[1:bits // 4]
  and (
    bits % 4 = 0
    or try_cast('0x' || one[bits // 4 + 1] as integer) >> (4 - bits % 4)
      = try_cast('0x' || other[bits // 4 + 1] as integer) >> (4 - bits % 4)
  );
create macro trino.in_network(network, address) as
  trino.is_prefix(
    trino.address_digits(string_split(network, '/')[1]),
    trino.address_digits(address),
    try_cast(string_split(network, '/')[2] as integer)
  );
create macro trino.contains(network varchar, address varchar) as trino.in_network(network, address),
  (items, item) as list_contains(items, item);
-- What `any_match` and its like are given is a list of what their lambda said of each item.
create macro trino.any_of(said) as case
  when list_contains(said, true) then true when list_contains(list_transform(said, lambda one: one is null), true) then null
  when said is not null then false end;
create macro trino.all_of(said) as case
  when list_contains(said, false) then false when list_contains(list_transform(said, lambda one: one is null), true) then null
  when said is not null then true end;
-- Formats of MySQL as DuckDB's: chr(1) and chr(2) stand for `%%` and the `%` of what is translated. What is not known is told
-- apart from the format, since DuckDB wants a constant there.
create macro trino.mysql_letters(format) as
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(format,
    '%%', chr(1)),
    '%a', chr(2) || 'a'), '%b', chr(2) || 'b'), '%c', chr(2) || '-m'), '%d', chr(2) || 'd'), '%e', chr(2) || '-d'),
    '%f', chr(2) || 'f'), '%H', chr(2) || 'H'), '%h', chr(2) || 'I'), '%I', chr(2) || 'I'), '%i', chr(2) || 'M'),
    '%j', chr(2) || 'j'), '%k', chr(2) || '-H'), '%l', chr(2) || '-I'), '%M', chr(2) || 'B'), '%m', chr(2) || 'm'),
    '%p', chr(2) || 'p'), '%r', chr(2) || 'I:' || chr(2) || 'M:' || chr(2) || 'S ' || chr(2) || 'p'),
    '%S', chr(2) || 'S'), '%s', chr(2) || 'S'), '%T', chr(2) || 'H:' || chr(2) || 'M:' || chr(2) || 'S'),
    '%v', chr(2) || 'V'), '%W', chr(2) || 'A'), '%x', chr(2) || 'G'), '%Y', chr(2) || 'Y');
create macro trino.mysql_unknown(format) as
  nullif(system.main.regexp_extract(replace(trino.mysql_letters(format), '%y', ''), '%.?'), '');
create macro trino.mysql_format(format) as case
  when trino.mysql_unknown(format) is not null then '%%'
  else replace(replace(replace(trino.mysql_letters(format), '%y', chr(2) || 'y'), chr(2), '%'), chr(1), '%%')
end;
create macro trino.mysql_refused(format) as error('date_format and date_parse do not know '
  || trino.mysql_unknown(format)
  || ': their letters are %a %b %c %d %e %f %H %h %I %i %j %k %l %M %m %p %r %S %s %T %v %W %x %Y %y %%');
-- Formats of Joda likewise; `writing` is false where a text is read. Every moment is in UTC. chr(2) stands around what is not known.
create macro trino.joda_letters(format, writing) as list_aggregate(list_transform(
  regexp_extract_all(format, 'y+|Y+|x+|M+|d+|H+|h+|m+|s+|S+|a+|E+|e+|D+|w+|Z+|z+|''''|''[^'']*''|[^A-Za-z'']+|.'),
  lambda part: case
    when part[1] in ('y', 'Y') then if(strlen(part) = 2, '%y', '%Y')
    when part[1] = 'x' then '%G'
    when part[1] = 'M' then ['%-m', '%m', '%b', '%B'][least(strlen(part), 4)]
    when part[1] = 'd' then if(strlen(part) = 1, '%-d', '%d')
    when part[1] = 'H' then if(strlen(part) = 1, '%-H', '%H')
    when part[1] = 'h' then if(strlen(part) = 1, '%-I', '%I')
    when part[1] = 'm' then if(strlen(part) = 1, '%-M', '%M')
    when part[1] = 's' then if(strlen(part) = 1, '%-S', '%S')
    when part = 'SSS' then '%g'
    when part = 'SSSSSS' then '%f'
    when part[1] = 'a' then '%p'
    when part[1] = 'E' then if(strlen(part) < 4, '%a', '%A')
    when part = 'e' then '%u'
    when part[1] = 'D' then if(strlen(part) = 3, '%j', '%-j')
    when part = 'ww' then '%V'
    when part[1] = 'Z' then if(writing, if(strlen(part) = 1, '+0000', if(strlen(part) = 2, '+00:00', 'UTC')), '%z')
    when part[1] = 'z' then if(writing, 'UTC', '%Z')
    when part = '''''' then ''''
    when part[1] = '''' then replace(part[2:-2], '%', '%%')
    when regexp_full_match(part, '[A-Za-z''].*') then chr(2) || part || chr(2)
    else replace(part, '%', '%%')
  end
), 'string_agg', '');
create macro trino.joda_unknown(format) as
  nullif(system.main.regexp_extract(trino.joda_letters(format, true), chr(2) || '([^' || chr(2) || ']*)' || chr(2), 1), '');
create macro trino.joda_format(format, writing) as
  case when trino.joda_unknown(format) is not null then '%%' else trino.joda_letters(format, writing) end;
create macro trino.joda_refused(format) as error('format_datetime and parse_datetime do not know '
  || trino.joda_unknown(format)
  || ': their letters are y Y x M d H h m s SSS SSSSSS a E e D DDD ww Z z, and text in single quotes');
