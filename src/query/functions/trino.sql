-- Functions of Trino that DuckDB has with another meaning. SQL calls them as trino.<name>; a question to
-- `cloudtrail_lake` or to a view of the schema `athena` gets them without the prefix.
-- https://trino.io/docs/current/functions.html
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
-- DuckDB writes `$['a']` and `$["a"]` as `$."a"`.
create macro trino.json_path(path) as
  system.main.regexp_replace(path, '\[(?:''([^'']*)''|"([^"]*)")\]', '."\1\2"', 'g');
create macro trino.json_extract(text, path) as
  system.main.json_extract(try_cast(text as json), trino.json_path(path));
create macro trino.json_array_length(text) as case json_type(try_cast(text as json))
  when 'ARRAY' then system.main.json_array_length(try_cast(text as json))
end;
-- Translates formats of MySQL into DuckDB's; chr(2) surrounds unknown letters.
create macro trino.mysql_letters(format) as list_aggregate(list_transform(
  regexp_extract_all(format, '[^%]+|%(?s:.)|%'),
  lambda part: if(part[1] <> '%', part, coalesce(map {
    '%a': '%a', '%b': '%b', '%c': '%-m', '%d': '%d', '%e': '%-d', '%f': '%f', '%H': '%H', '%h': '%I', '%I': '%I',
    '%i': '%M', '%j': '%j', '%k': '%-H', '%l': '%-I', '%M': '%B', '%m': '%m', '%p': '%p', '%r': '%I:%M:%S %p',
    '%S': '%S', '%s': '%S', '%T': '%H:%M:%S', '%v': '%V', '%W': '%A', '%x': '%G', '%Y': '%Y', '%y': '%y',
    '%%': '%%'
  }[part], chr(2) || part || chr(2)))
), 'string_agg', '');
create macro trino.mysql_refused(unknown) as 'date_format and date_parse do not know ' || unknown
  || ': their letters are %a %b %c %d %e %f %H %h %I %i %j %k %l %M %m %p %r %S %s %T %v %W %x %Y %y %%';
create macro trino.bare(letters) as replace(letters, '%%', '');
-- What the letters of a format say, computed once: `written` and `parsed` are constants, as DuckDB wants them, where
-- others are unknown. A text is parsed after `year`, as Trino's default is 2000, and 1970 where only a time of day is
-- there; DuckDB's is 1900. DuckDB reads a week without its year, and the name of a day in it, as nothing.
create macro trino.facts_of(translated) as list_transform([translated], lambda letters: {
  'unknown': nullif(system.main.regexp_extract(letters, chr(2) || '([^' || chr(2) || ']*)' || chr(2), 1), ''),
  'written': if(contains(letters, chr(2)), '%%', letters),
  'parsed': case
    when contains(letters, chr(2)) then '%%'
    when regexp_matches(trino.bare(letters), '%[YyG]') then letters
    else '%Y ' || letters
  end,
  'year': case
    when regexp_matches(trino.bare(letters), '%[YyG]') then ''
    when regexp_matches(trino.bare(letters), '%-?[mdbBjaA]') then '2000 '
    else '1970 '
  end,
  'refused': case
    when regexp_matches(trino.bare(letters), '%[aA]') and regexp_matches(trino.bare(letters), '%[VG]')
      then 'the name of a day in a week of the year'
    when regexp_matches(trino.bare(letters), '%u')
      and not (regexp_matches(trino.bare(letters), '%V') and regexp_matches(trino.bare(letters), '%G'))
      then 'a day of the week without its week and year'
    when regexp_matches(trino.bare(letters), '%V') and not regexp_matches(trino.bare(letters), '%G')
      then 'a week without its year (%x, xxxx)'
    when regexp_matches(trino.bare(letters), '%G') and regexp_matches(trino.bare(letters), '%-?[YymdbBj]')
      then 'a year of weeks with months or days'
  end,
  'short': regexp_matches(trino.bare(letters), '%y') and not regexp_matches(trino.bare(letters), '%Y')
})[1];
create macro trino.mysql_facts(format) as trino.facts_of(trino.mysql_letters(format));
-- A year of two digits that is after the last one is of the century before, and one before the first of the next.
create macro trino.in_century(parsed, short, first, last) as list_transform([parsed], lambda moment: case
  when short and year(moment) < first then moment + interval 100 years
  when short and year(moment) > last then moment - interval 100 years
  else moment
end)[1];
-- Translates formats of Joda likewise; `writing` is false where a text is read. All times are in UTC. chr(2)
-- surrounds unknown letters; chr(3) and chr(4) surround what strftime does not know.
create macro trino.joda_letters(format, writing) as list_aggregate(list_transform(
  regexp_extract_all(format,
    'y+|Y+|x+|C+|G+|M+|d+|H+|h+|K+|k+|m+|s+|S+|a+|E+|e+|D+|w+|Z+|z+|''''|''[^''](?:[^'']|'''')*''|[^A-Za-z'']+|.'),
  lambda part: coalesce(
    map {
      'yy': '%y', 'YY': '%y', 'yyyy': '%Y', 'YYYY': '%Y', 'M': '%-m', 'MM': '%m', 'MMM': '%b', 'd': '%-d',
      'dd': '%d', 'H': '%-H', 'HH': '%H', 'h': '%-I', 'hh': '%I', 'm': '%-M', 'mm': '%M', 's': '%-S', 'ss': '%S',
      'SSS': '%g', 'SSSSSS': '%f', 'e': '%u', 'D': '%-j', 'DDD': '%j', 'ww': '%V'
    }[part],
    if(writing, map {
      'ee': '0%u', 'Z': '+0000', 'ZZ': '+00:00'
    }, map {
      'y': '%Y', 'Y': '%Y', 'yyy': '%Y', 'YYY': '%Y', 'x': '%G', 'xxxx': '%G', 'w': '%V', 'DD': '%-j', 'Z': '%z',
      'ZZ': '%z'
    })[part],
    case
      when writing and regexp_full_match(part, 'y|Y|yyy|YYY|x{1,4}|CC?|KK?|kk?|DD|w|SS?')
        then chr(3) || replace(part, 'Y', 'y') || chr(4)
      when writing and part[1] = 'G' then 'AD'
      when part[1] = 'M' then '%B'
      when part[1] = 'a' then '%p'
      when part[1] = 'E' then if(strlen(part) < 4, '%a', '%A')
      when part[1] in ('Z', 'z') then case
        when not writing then '%Z'
        when starts_with(part, 'zzzz') then 'Coordinated Universal Time'
        else 'UTC'
      end
      when part = '''''' then part[1]
      when strlen(part) > 1 and part[1] = '''' then replace(replace(part[2:-2], '''''', ''''), '%', '%%')
      when regexp_matches(part, '^[A-Za-z'']') then chr(2) || part || chr(2)
      else replace(part, '%', '%%')
    end
  )
), 'string_agg', '');
create macro trino.joda_facts(format, writing) as trino.facts_of(trino.joda_letters(format, writing));
create macro trino.joda_refused(unknown, writing) as if(writing,
  'format_datetime does not know ' || unknown
    || ': its letters are G C y Y x w e E D M d a K h H k m s S SS SSS SSSSSS Z z, no wider than their values, and text in single quotes',
  'parse_datetime does not know ' || unknown
    || ': its letters are y Y x w e E D M d a h H m s SSS SSSSSS Z z, no wider than their values, and text in single quotes'
);
create macro trino.padded(number, width) as
  if(number < pow(10, width - 1), system.main.repeat('0', width - strlen(number::varchar)), '') || number;
create macro trino.put(text, name, filling) as replace(text, chr(3) || name || chr(4), filling);
create macro trino.joda_filled(text, moment) as if(not contains(text, chr(3)), text,
  trino.put(trino.put(trino.put(trino.put(trino.put(trino.put(trino.put(trino.put(trino.put(
  trino.put(trino.put(trino.put(trino.put(trino.put(trino.put(trino.put(text,
    'y', year(moment)::varchar), 'yyy', trino.padded(year(moment), 3)),
    'x', isoyear(moment)::varchar), 'xx', trino.padded(isoyear(moment) % 100, 2)),
    'xxx', trino.padded(isoyear(moment), 3)), 'xxxx', trino.padded(isoyear(moment), 4)),
    'C', (year(moment) // 100)::varchar), 'CC', trino.padded(year(moment) // 100, 2)),
    'K', (hour(moment) % 12)::varchar), 'KK', trino.padded(hour(moment) % 12, 2)),
    'k', (hour(moment - interval 1 hour) + 1)::varchar), 'kk', trino.padded(hour(moment - interval 1 hour) + 1, 2)),
    'DD', trino.padded(dayofyear(moment), 2)), 'w', weekofyear(moment)::varchar),
    'S', strftime(moment, '%f')[1]), 'SS', strftime(moment, '%f')[1:2])
);
