-- Lists and maps as Trino has them: a NULL is an item like any other, and items keep their order.
-- https://trino.io/docs/current/functions/array.html, https://trino.io/docs/current/functions/map.html
create macro trino.has_null(items) as
  list_contains(list_transform(items, lambda one: one is null), true);
create macro trino.place_of(items, item) as case
  when item is null then list_position(list_transform(items, lambda one: one is null), true)
  else list_position(items, item)
end;
create macro trino.array_distinct(items) as
  list_filter(items, lambda one, place: trino.place_of(items, one) = place);
create macro array_union(a, b) as
  case when a is not null and b is not null then trino.array_distinct(list_concat(a, b)) end;
create macro array_except(a, b) as case
  when b is not null
    then trino.array_distinct(list_filter(a, lambda one: coalesce(trino.place_of(b, one), 0) = 0))
end;
create macro trino.array_intersect(a, b) as case
  when b is not null
    then trino.array_distinct(list_filter(a, lambda one: coalesce(trino.place_of(b, one), 0) > 0))
end;
create macro array_remove(items, item) as
  case when item is not null then list_filter(items, lambda one: one is distinct from item) end;
create macro arrays_overlap(a, b) as case
  when list_has_any(a, b) then true
  when len(a) = 0 or len(b) = 0 then false
  when trino.has_null(a) or trino.has_null(b) then null
  when a is not null and b is not null then false
end;
create macro array_max(items) as case when not trino.has_null(items) then list_max(items) end;
create macro array_min(items) as case when not trino.has_null(items) then list_min(items) end;
create macro array_sum(items) as list_sum(items);
create macro array_average(items) as list_avg(items);
create macro array_sort(items) as list_sort(items, 'asc', 'nulls last');
create macro array_first(items) as items[1];
create macro array_last(items) as items[-1];
create macro array_histogram(items) as case
  when items is not null
    then coalesce(list_aggregate(list_filter(items, lambda one: one is not null), 'histogram'), map())
end;
create macro trim_array(items, number) as list_slice(items, 1, len(items) - number);
create macro ngrams(items, number) as case
  when number >= len(items) then [items]
  else list_transform(
    range(1, len(items) - number + 2), lambda place: list_slice(items, place, place + number - 1)
  )
end;
create macro contains_sequence(items, part) as list_contains(
  list_transform(range(len(items) - len(part) + 1), lambda skipped: list_slice(items, skipped + 1, skipped + len(part)) = part), true
);
create macro slice(items, start, length) as
  list_slice(items, if(start < 0, len(items) + start + 1, start), if(start < 0, len(items) + start, start - 1) + length);
create macro trino.repeat(item, count) as list_transform(range(count), lambda place: item);
create macro trino.array_position(items, item) as coalesce(system.main.list_position(items, item), 0);
-- `any_match` and its like receive a list of their lambda's results, one for each item.
create macro trino.any_of(said) as case
  when list_contains(said, true) then true when trino.has_null(said) then null
  when said is not null then false end;
create macro trino.all_of(said) as case
  when list_contains(said, false) then false when trino.has_null(said) then null
  when said is not null then true end;
-- Two lists side by side for `zip_with`, and the keys of two maps with both values for `map_zip_with`.
create macro trino.pairs(a, b) as case
  when a is not null and b is not null then list_transform(
    range(1, system.main.greatest(len(a), len(b)) + 1), lambda place: {'first': a[place], 'second': b[place]}
  )
end;
create macro trino.both(a, b) as list_transform(
  array_union(map_keys(a), map_keys(b)), lambda key: {'key': key, 'first': a[key], 'second': b[key]}
);
create macro trino.map_of(entries) as map_from_entries(list_filter(
  entries, lambda one, place: one.key is not null
    and list_position(list_transform(entries, lambda other: other.key), one.key) = place
));
create macro map_agg(key, value) as trino.map_of(list({'key': key, 'value': value}));
create macro map_union(map) as trino.map_of(flatten(list(map_entries(map))));
create macro trino.multimap_of(entries) as map_from_entries(list_transform(
  trino.array_distinct(list_transform(
    list_filter(entries, lambda one: one.key is not null), lambda one: one.key
  )),
  lambda key: {
    'key': key,
    'value': list_transform(list_filter(entries, lambda one: one.key = key), lambda one: one.value)
  }
));
create macro multimap_agg(key, value) as trino.multimap_of(list({'key': key, 'value': value}));
create macro multimap_from_entries(entries) as trino.multimap_of(
  list_transform(entries, lambda one: {'key': one[1], 'value': one[2]})
);
create macro trino.entries_of(text, outer_separator, inner_separator) as list_transform(
  list_filter(string_split(text, outer_separator), lambda entry: entry <> ''),
  lambda entry: {
    'key': system.main.split_part(entry, inner_separator, 1),
    'value': substr(entry, length(system.main.split_part(entry, inner_separator, 1)) + length(inner_separator) + 1)
  }
);
create macro split_to_map(text, outer_separator, inner_separator) as
  map_from_entries(trino.entries_of(text, outer_separator, inner_separator));
create macro split_to_multimap(text, outer_separator, inner_separator) as
  trino.multimap_of(trino.entries_of(text, outer_separator, inner_separator));
-- The counts are exact, whatever the capacity.
create macro approx_most_frequent(buckets, item, capacity) as map_from_entries(list_transform(
  list_slice(list_reverse_sort(list_transform(
    map_entries(histogram(item)), lambda one: {'count': one.value, 'key': one.key}
  )), 1, buckets),
  lambda one: {'key': one.key, 'value': one.count}
));
create macro cosine_similarity(a, b) as list_cosine_similarity(a, b);
create macro cosine_distance(a, b) as list_cosine_distance(a, b);
create macro dot_product(a, b) as list_inner_product(a, b);
create macro euclidean_distance(a, b) as list_distance(a, b);
create macro trino.reverse(text varchar) as system.main.reverse(text),
  (items) as list_reverse(items);
