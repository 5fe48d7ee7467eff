-- Addresses and networks; IPADDRESS and IPPREFIX are texts here. Trino has `contains` alone, the others are PrestoDB's.
-- https://trino.io/docs/current/functions/ipaddress.html, https://prestodb.io/docs/current/functions/ip.html
-- Addresses are compared as hexadecimal digits, which are null for an invalid one.
-- `list_transform([a], lambda …)[1]` computes `a` once: DuckDB puts a macro's argument in each of its places.
create macro trino.group_digits(groups) as coalesce(list_aggregate(
  list_transform(
    list_filter(string_split(groups, ':'), lambda part: part <> ''),
    lambda part: lpad(lower(part), 4, '0')
  ), 'string_agg', ''
), '');
create macro trino.ipv4_digits(address) as list_aggregate(
  list_transform(string_split(address, '.'), lambda part: lpad(to_hex(try_cast(part as utinyint)), 2, '0')),
  'string_agg', ''
);
create macro trino.ipv6_digits(address) as list_transform(
  [list_transform(string_split(address, '::'), lambda half: trino.group_digits(half))],
  lambda halves: halves[1] || repeat('0', greatest(0, 32 - strlen(halves[1]) - coalesce(strlen(halves[2]), 0)))
    || coalesce(halves[2], '')
)[1];
-- An IPv4 address within IPv6 is the IPv4 address.
create macro trino.valid_digits(found) as list_transform([found], lambda digits: case
  when starts_with(digits, '00000000000000000000ffff') then digits[25:32]
  when strlen(digits) in (8, 32) then digits
end)[1];
create macro trino.address_digits(text) as trino.valid_digits(list_transform(
  [system.main.regexp_replace(text, '^::[fF]{4}:(\d{1,3}(?:\.\d{1,3}){3})$', '\1')],
  lambda address: case
    when regexp_full_match(address, '\d{1,3}(\.\d{1,3}){3}') then trino.ipv4_digits(address)
    when regexp_full_match(address, '[0-9a-fA-F:]*:[0-9a-fA-F:]*') then trino.ipv6_digits(address)
  end
)[1]);
create macro trino.network_bits(network) as try_cast(string_split(network, '/')[2] as integer);
-- A network: its first address as digits, and its bits.
create macro trino.network_of(network) as
  {'digits': trino.address_digits(string_split(network, '/')[1]), 'bits': trino.network_bits(network)};
create macro trino.is_prefix(one, other, bits) as
  strlen(one) = strlen(other)
  and one[1:bits // 4] = other[1:bits // 4]
  and (
    bits % 4 = 0
    or try_cast('0x' || one[bits // 4 + 1] as integer) >> (4 - bits % 4)
      = try_cast('0x' || other[bits // 4 + 1] as integer) >> (4 - bits % 4)
  );
create macro trino.in_network(network, address) as list_transform(
  [{'network': trino.network_of(network), 'digits': trino.address_digits(address)}],
  lambda asked: trino.is_prefix(asked.network.digits, asked.digits, asked.network.bits)
)[1];
create macro trino.contains(network varchar, address varchar) as trino.in_network(network, address),
  (items, item) as list_contains(items, item);
-- Groups of digits as numbers, with all bits after the first `bits` set to 0, or to 1.
create macro trino.masked_group(number, width, kept, rest) as
  ((number >> (width - kept)) << (width - kept)) + rest * ((1 << (width - kept)) - 1);
create macro trino.masked(digits, width, bits, rest) as list_transform(
  range(0, strlen(digits) * 4 // width),
  lambda place: trino.masked_group(
    ('0x' || digits[place * width // 4 + 1:(place + 1) * width // 4])::bigint,
    width, least(greatest(bits - place * width, 0), width), rest
  )
);
-- `::` stands for the longest run of zeros, the first of several.
create macro trino.shortened(address) as list_transform([address], lambda text: coalesce(
  list_transform(
    list_filter(
      [8, 7, 6, 5, 4, 3, 2], lambda zeros: regexp_matches(text, '(^|:)0(:0){' || (zeros - 1) || '}(:|$)')
    )[1:1],
    lambda zeros: system.main.regexp_replace(text, '(^|:)0(:0){' || (zeros - 1) || '}(:|$)', '::')
  )[1], text
))[1];
create macro trino.address_of(network, rest) as list_transform([network], lambda one: case strlen(one.digits)
  when 8 then array_to_string(trino.masked(one.digits, 8, one.bits, rest)::varchar[], '.')
  when 32 then trino.shortened(array_to_string(
    list_transform(trino.masked(one.digits, 16, one.bits, rest), lambda number: lower(to_hex(number))), ':'
  ))
end)[1];
create macro ip_prefix(address, bits) as list_transform(
  [{'digits': trino.address_digits(address), 'bits': bits::integer}],
  lambda network: case
    when network.bits < 0 or network.bits > strlen(network.digits) * 4
      then error('ip_prefix: an IPv4 address has 0 to 32 bits, an IPv6 address 0 to 128, not ' || network.bits)::varchar
    else trino.address_of(network, 0) || '/' || network.bits
  end
)[1];
create macro ip_subnet_min(network) as trino.address_of(trino.network_of(network), 0);
create macro ip_subnet_max(network) as trino.address_of(trino.network_of(network), 1);
create macro ip_subnet_range(network) as [ip_subnet_min(network), ip_subnet_max(network)];
create macro is_subnet_of(network, other) as
  trino.in_network(network, string_split(other, '/')[1])
  and coalesce(trino.network_bits(other) >= trino.network_bits(network), true);
