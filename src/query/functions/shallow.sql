-- These DuckDB functions recurse into JSON without a limit, and a text nested some 10,000 deep ends the
-- process; a log can hold such a text. Here, JSON nested deeper than 500 is treated as one JSON text. A text
-- is nested that deep only if it is long enough, has more brackets than that, and still has as many after the
-- innermost ones are removed again and again.
create schema trino;
create macro trino.peeled(brackets) as
  replace(replace(replace(replace(replace(replace(replace(replace(brackets, '{}', ''), '[]', ''), '{}', ''), '[]', ''), '{}', ''), '[]', ''), '{}', ''), '[]', '');
create macro trino.brackets(text) as regexp_replace(text, '"(?:[^"\\]|\\.)*"|[^\[\]{}"]+', '', 'g');
create macro trino.is_deep(text) as
  strlen(text) > 1000
  and strlen(text) - strlen(replace(replace(text, '{', ''), '[', '')) > 500
  and strlen(trino.peeled(trino.peeled(trino.peeled(trino.brackets(text))))) > 1000;
create macro trino.shallow(tree) as
  case when trino.is_deep(tree::varchar) then to_json(tree::varchar) else tree::json end;
create macro json_structure(tree) as system.main.json_structure(trino.shallow(tree));
-- DuckDB indents by four at each level: deep JSON would take gigabytes.
create macro json_pretty(tree) as system.main.json_pretty(trino.shallow(tree));
create macro json_contains(tree, part) as system.main.json_contains(trino.shallow(tree), trino.shallow(part));
create macro json_merge_patch(a, b) as
    system.main.json_merge_patch(trino.shallow(a), trino.shallow(b)),
  (a, b, c) as system.main.json_merge_patch(trino.shallow(a), trino.shallow(b), trino.shallow(c)),
  (a, b, c, d) as
    system.main.json_merge_patch(trino.shallow(a), trino.shallow(b), trino.shallow(c), trino.shallow(d));
