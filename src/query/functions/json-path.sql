-- SQL/JSON: json_value, json_query and json_exists over paths of members, items and wildcards, with the mode
-- `lax` or `strict` before them. What they cannot find, or find in another shape, is NULL, as Trino's are
-- without a clause ON EMPTY or ON ERROR. https://trino.io/docs/current/functions/json.html
create macro trino.path_body(path) as
  system.main.regexp_replace(path, '^\s*(?:(?:lax|strict)\s+)?\$\s*', '');
create macro trino.path_steps(path) as regexp_extract_all(
  trino.path_body(path), '\.\s*\*|\.\s*"[^"]*"|\.\s*[A-Za-z_]\w*|\[\s*(?:\*|\d+|last)\s*\]'
);
create macro trino.path_is_known(path) as
  regexp_matches(path, '^\s*(?:(?:lax|strict)\s+)?\$')
  and replace(array_to_string(trino.path_steps(path), ''), ' ', '') = replace(trino.path_body(path), ' ', '');
-- What a step finds in one item: a list, or NULL where the item does not have its shape.
create macro trino.items_at(item, place, lax) as case
  when json_type(item) = 'ARRAY' then case
    when place = '*' then json_extract(item, '$[*]')
    when place = 'last' and json_array_length(item) > 0 then [json_extract(item, '$[#-1]')]
    when try_cast(place as integer) < json_array_length(item)
      then [json_extract(item, '$[' || try_cast(place as integer) || ']')]
  end
  when lax and place in ('*', 'last', '0') then [item]
end;
create macro trino.members_at(item, name) as case
  when json_type(item) = 'OBJECT' then case
    when name = '*' then json_extract(item, '$.*')
    when list_contains(json_keys(item), trim(name, '"'))
      then [json_extract(item, '$."' || trim(name, '"') || '"')]
  end
end;
create macro trino.one_step(item, step, lax) as case
  when step[1] = '[' then trino.items_at(item, trim(step, '[] '), lax)
  else trino.members_at(item, trim(step[2:]))
end;
create macro trino.unnested(items, step, lax) as case
  when lax and step[1] = '.' then flatten(list_transform(
    items, lambda item: if(json_type(item) = 'ARRAY', json_extract(item, '$[*]'), [item])
  ))
  else items
end;
-- `strict` fails as a whole where one item does not fit.
create macro trino.after_step(found, lax) as case
  when lax or not list_contains(list_transform(found, lambda one: one is null), true)
    then to_json(flatten(list_filter(found, lambda one: one is not null)))::varchar
end;
create macro trino.stepped(items, step, lax) as trino.after_step(
  list_transform(
    trino.unnested(json_extract(items, '$[*]'), step, lax), lambda item: trino.one_step(item, step, lax)
  ), lax
);
-- All that a path finds, as the text of a JSON array; NULL when it fails.
create macro trino.found_at(text, path) as case
  when not trino.path_is_known(path) then error(
    'json_value, json_query and json_exists know members, items and wildcards here, as in lax $.a[*]."b"; not ' || path
  )::varchar
  when try_cast(text as json) is not null then list_reduce(
    list_concat(['[' || try_cast(text as json)::varchar || ']'], trino.path_steps(path)),
    lambda items, step: trino.stepped(items, step, not regexp_matches(path, '^\s*strict\s'))
  )
end;
create macro trino.json_value(text, path) as list_transform([trino.found_at(text, path)], lambda found: case
  when json_array_length(found) = 1 and json_type(found, '$[0]') not in ('OBJECT', 'ARRAY')
    then json_extract_string(found, '$[0]')
end)[1];
create macro json_query(text, path) as list_transform([trino.found_at(text, path)], lambda found: case
  when json_array_length(found) = 1 then json_extract(found, '$[0]')::varchar
end)[1];
create macro trino.json_exists(text, path) as case
  when text is not null then coalesce(json_array_length(trino.found_at(text, path)) > 0, false)
end;
