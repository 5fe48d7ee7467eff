-- Numbers and texts as Trino has them.
-- https://trino.io/docs/current/functions/math.html, …/bitwise.html, …/string.html, …/datetime.html
create macro is_nan(number) as isnan(number::double);
create macro is_finite(number) as isfinite(number::double);
create macro is_infinite(number) as isinf(number::double);
create macro infinity() as 'infinity'::double;
create macro nan() as 'nan'::double;
create macro e() as exp(1);
create macro truncate(number) as trunc(number), (number, digits) as trunc(number, digits);
create macro trino.random() as system.main.random(),
  (most) as floor(system.main.random() * most)::bigint,
  (least, most) as least + floor(system.main.random() * (most - least))::bigint;
create macro bitwise_and(a, b) as a::bigint & b::bigint;
create macro bitwise_or(a, b) as a::bigint | b::bigint;
create macro bitwise_xor(a, b) as xor(a::bigint, b::bigint);
create macro bitwise_not(a) as ~(a::bigint);
create macro bitwise_and_agg(item) as bit_and(item::bigint);
create macro bitwise_or_agg(item) as bit_or(item::bigint);
create macro bitwise_xor_agg(item) as bit_xor(item::bigint);
-- As unsigned numbers of 64 bits, since DuckDB refuses to shift out bits.
create macro trino.unsigned(number) as
  if(number < 0, number::hugeint + 18446744073709551616::hugeint, number::hugeint);
create macro trino.signed(number) as
  if(number >= 9223372036854775808::hugeint, number - 18446744073709551616::hugeint, number)::bigint;
create macro bitwise_left_shift(number, bits) as
  if(bits >= 64, 0, trino.signed((trino.unsigned(number::bigint) % (1::hugeint << (64 - least(bits, 64))::hugeint)) << least(bits, 63)::hugeint));
create macro bitwise_right_shift(number, bits) as
  if(bits >= 64, 0, (trino.unsigned(number::bigint) >> least(bits, 64)::hugeint)::bigint);
create macro bitwise_right_shift_arithmetic(number, bits) as number::bigint >> least(bits, 63);
create macro trino.bit_count(number, bits) as
  system.main.bit_count(if(bits = 64, number::bigint, number::bigint & ((1::bigint << least(bits, 62)) - 1)));
create macro trino.millisecond(moment) as system.main.millisecond(moment) % 1000;
create macro trino.skewness(number) as
  system.main.skewness(number) * (count(number) - 2) / sqrt(count(number) * (count(number) - 1));
create macro trino.bucket_between(number, low, high, buckets) as case
  when number < low then 0
  when number >= high then buckets + 1
  else floor(buckets * (number - low) / (high - low) + 1)::bigint
end;
create macro width_bucket(number, bins) as
    case when number is not null then len(list_filter(bins, lambda bin: bin <= number)) end,
  (number, first, last, buckets) as case
    when buckets <= 0 then error('width_bucket: the number of buckets has to be greater than 0')::bigint
    when first = last then error('width_bucket: the bounds cannot be equal')::bigint
    when isnan(number::double) then error('width_bucket: the number cannot be NaN')::bigint
    when first < last then trino.bucket_between(number::double, first::double, last::double, buckets)
    else buckets - trino.bucket_between(number::double, last::double, first::double, buckets) + 1
  end;
create macro trino.digit(letter, radix) as case
  when strpos('0123456789abcdefghijklmnopqrstuvwxyz', letter) between 1 and radix
    then strpos('0123456789abcdefghijklmnopqrstuvwxyz', letter) - 1
  else error('from_base: ' || letter || ' is no digit of base ' || radix)::bigint
end;
create macro from_base(text, radix) as if(starts_with(text, '-'), -1, 1) * list_reduce(
  list_transform(string_split(lower(ltrim(text, '-')), ''), lambda letter: trino.digit(letter, radix)::bigint),
  lambda sum, digit: sum * radix + digit
);
create macro trino.to_base(number, radix) as lower(system.main.to_base(number, radix));
create macro luhn_check(text) as list_sum(list_transform(
  string_split(reverse(text), ''), lambda digit, place: case
    when place % 2 = 1 then digit::integer
    when digit::integer > 4 then 2 * digit::integer - 9
    else 2 * digit::integer
  end
)) % 10 = 0;
create macro normalize(text) as nfc_normalize(text);
create macro trino.split(text, separator) as string_split(text, separator),
  (text, separator, most) as case
    when len(string_split(text, separator)) <= most then string_split(text, separator)
    else list_append(
      list_slice(string_split(text, separator), 1, most - 1),
      array_to_string(list_slice(string_split(text, separator), most, -1), separator)
    )
  end;
create macro trino.place_of_part(parts, part, instance) as case
  when instance between 1 and len(parts) - 1 then
    list_sum(list_transform(parts[1:instance], lambda one: length(one)))::bigint
    + (instance - 1) * length(part) + 1
  else 0
end;
create macro trino.strpos(text, part) as system.main.strpos(text, part),
  (text, part, instance) as if(part = '', 1, list_transform(
    [string_split(text, part)],
    lambda parts: trino.place_of_part(parts, part, if(instance < 0, len(parts) + instance, instance))
  )[1]);
create macro trino.place_of_match(text, pattern, occurrence) as list_transform(
  [regexp_extract_all(text, pattern)], lambda matches: case
    when len(matches) >= occurrence then
      list_sum(list_transform(string_split_regex(text, pattern)[1:occurrence], lambda one: length(one)))::bigint
      + coalesce(list_sum(list_transform(matches[1:occurrence - 1], lambda one: length(one))), 0)::bigint + 1
  end
)[1];
create macro regexp_position(text, pattern) as
    case when text is not null and pattern is not null then coalesce(trino.place_of_match(text, pattern, 1), -1) end,
  (text, pattern, start) as case when text is not null and pattern is not null
    then coalesce(trino.place_of_match(substr(text, start), pattern, 1) + start - 1, -1) end,
  (text, pattern, start, occurrence) as case when text is not null and pattern is not null
    then coalesce(trino.place_of_match(substr(text, start), pattern, occurrence) + start - 1, -1) end;
create macro to_base64url(bytes) as translate(to_base64(bytes), '+/', '-_');
create macro from_base64url(text) as from_base64(rpad(
  translate(rtrim(text, '='), '-_', '+/'), ((length(rtrim(text, '=')) + 3) // 4 * 4)::integer, '='
));
create macro trino.md5(bytes) as unhex(system.main.md5(bytes));
create macro trino.sha1(bytes) as unhex(system.main.sha1(bytes));
create macro trino.sha256(bytes) as unhex(system.main.sha256(bytes));
create macro current_timezone() as 'UTC';
create macro with_timezone(moment, zone) as timezone(zone, moment::timestamp);
create macro from_iso8601_timestamp_nanos(text) as text::timestamptz;
create macro from_unixtime_nanos(nanoseconds) as make_timestamp((nanoseconds // 1000)::bigint)::timestamptz;
create macro trino.to_milliseconds(span) as epoch_ms(span);
create macro trino.counted(number, unit) as
  case when number > 0 then number || ' ' || unit || if(number = 1, '', 's') end;
create macro human_readable_seconds(seconds) as coalesce(nullif(array_to_string([
  trino.counted(round(seconds)::bigint // 604800, 'week'),
  trino.counted(round(seconds)::bigint % 604800 // 86400, 'day'),
  trino.counted(round(seconds)::bigint % 86400 // 3600, 'hour'),
  trino.counted(round(seconds)::bigint % 3600 // 60, 'minute'),
  trino.counted(round(seconds)::bigint % 60, 'second')
], ', '), ''), if(seconds is null, null, '0 seconds'));
create macro trino.duration_unit(unit) as map {
  'ns': 0.000001, 'us': 0.001, 'ms': 1, 's': 1000, 'm': 60000, 'h': 3600000, 'd': 86400000
}[unit];
create macro parse_duration(text) as to_milliseconds(round(
  regexp_extract(text, '^\s*([\d.]+)', 1)::double * trino.duration_unit(regexp_extract(text, '([a-z]+)\s*$', 1))
)::bigint);
create macro parse_data_size(text) as floor(
  regexp_extract(text, '^\s*([\d.]+)', 1)::double
  * pow(1024, strpos('BkMGTPEZY', trim(regexp_extract(text, '([BkMGTPEZY]B?)\s*$', 1))[1]) - 1)
)::decimal(38, 0);
-- Arguments of `format`: a NULL is the word, as in Java.
create macro trino.as_text(value) as coalesce(value::varchar, 'null');
create macro trino.as_integer(value) as value::bigint;
create macro trino.as_double(value) as value::double;
