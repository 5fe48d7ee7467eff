"""Writes our SQL in the words of Trino (and so Athena) and Spark, a file beside each: `session.sql` → `session.trino.sql`.

    .venv/bin/python scripts/portable-sql.py            writes the files
    .venv/bin/python scripts/portable-sql.py --check    says which of them are not what this makes, and ends with 1

sqlglot translates; what it leaves in words that the engine does not have, or that mean something else there, is put right here: each
function of DuckDB's that the queries use is looked at, and one that nobody has looked at is refused. A file that has no counterpart says
so in its head comment, `-- portable: no, because ...`, or names the engine, `-- portable: no trino, because ...`.
"""

import re
import sys
from pathlib import Path

import sqlglot
from sqlglot import exp

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = [
    "src/query/views",
    "src/query/queries",
    "src/summaries/views",
    "src/detect/views",
    *(str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("src/logtypes/*/queries"))),
]
DIALECTS = ("trino",)


def sources():
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.sql")):
            if not path.name.endswith(tuple(f".{dialect}.sql" for dialect in DIALECTS)):
                yield path


def head_of(text):
    return re.match(r"(?:--[^\n]*\n)*", text).group(0)


def parse(text):
    return sqlglot.parse_one(text, read="duckdb")


def raw(text, dialect):
    """An expression in the engine's own words, as it is."""
    return sqlglot.parse_one(text, read=dialect)


def is_aggregate(node):
    if isinstance(node, exp.Window):
        return False
    if isinstance(node, (exp.AggFunc, exp.Filter)):
        return True
    if isinstance(node, exp.Anonymous) and node.name.lower() in ("mode", "quantile_cont", "listagg", "arg_min_null", "arg_max_null"):
        return True
    if isinstance(node, exp.Subquery):
        return False
    return any(is_aggregate(child) for child in node.iter_expressions())


# What is the same in every dialect, over the tree.


def group_by_places(tree):
    """GROUP BY ALL, and GROUP BY by alias: the places of the columns. HAVING by alias: what the alias stands for."""
    for select in tree.find_all(exp.Select):
        aliases = {one.alias: one.this for one in select.expressions if isinstance(one, exp.Alias)}
        group = select.args.get("group")
        if group is not None:
            if group.args.get("all"):
                places = [
                    str(place)
                    for place, one in enumerate(select.expressions, 1)
                    if not is_aggregate(one) and not isinstance(one.unalias(), (exp.Literal, exp.Null))
                ]
                group.set("all", None)
                group.set("expressions", [exp.Literal.number(place) for place in places])
            else:
                named = [one.alias_or_name for one in select.expressions]
                for item in list(group.expressions):
                    if isinstance(item, exp.Column) and not item.table and item.name in aliases:
                        item.replace(exp.Literal.number(str(named.index(item.name) + 1)))
        having = select.args.get("having")
        if having is not None:
            for column in list(having.find_all(exp.Column)):
                if column.find_ancestor(exp.AggFunc):
                    continue
                if not column.table and column.name in aliases:
                    column.replace(exp.paren(aliases[column.name].copy()))


def union_by_name(tree):
    """UNION BY NAME: both sides with all columns, in the order of the first side."""
    for union in reversed(list(tree.find_all(exp.Union))):
        if not union.args.get("by_name"):
            continue
        union.set("by_name", None)
        sides = [selects_of(union.this), selects_of(union.expression)]
        names = []
        for side in sides:
            for one in side[0].expressions:
                if one.alias_or_name not in names:
                    names.append(one.alias_or_name)
        for side in sides:
            for select in side:
                known = {one.alias_or_name: one for one in select.expressions}
                select.set(
                    "expressions",
                    [known.get(name) or exp.alias_(exp.Null(), name) for name in names],
                )


def selects_of(node):
    if isinstance(node, exp.Union):
        return selects_of(node.this) + selects_of(node.expression)
    return [node.unnest() if isinstance(node, exp.Subquery) else node]


def is_place(node):
    return isinstance(node.unalias(), exp.Anonymous) and node.unalias().name.lower() == "generate_subscripts"


def each_of_json(tree):
    """`json_each(text) as said`: its keys and values."""
    for table in list(tree.find_all(exp.Table)):
        call = table.this
        if isinstance(call, exp.Anonymous) and call.name.lower() == "json_each":
            (text,) = call.expressions
            columns = [exp.to_identifier("key"), exp.to_identifier("value")]
            unnest = exp.Unnest(
                expressions=[raw("CAST(JSON_PARSE(X) AS MAP(VARCHAR, JSON))", "trino")],
                alias=exp.TableAlias(this=exp.to_identifier(table.alias), columns=columns),
            )
            table.replace(replaced(unnest, "X", text))


def unnest_in_select(tree, dialect):
    """`select unnest(list) as item` is a join with the list."""
    for select in tree.find_all(exp.Select):
        for one in list(select.expressions):
            inner = one.unalias()
            if not isinstance(inner, exp.Explode) and not isinstance(inner, exp.Unnest):
                continue
            of = inner.this if isinstance(inner, exp.Explode) else inner.expressions[0]
            name = one.alias
            place = next((other for other in select.expressions if is_place(other)), None)
            stars = any(isinstance(other, exp.Star) for other in select.expressions)
            ordinal = [] if place is None else [exp.to_identifier(place.alias)]
            if stars:
                select.set("expressions", [other for other in select.expressions if other is not one])
            else:
                one.replace(exp.column(name))
                if place is not None:
                    place.replace(exp.column(place.alias))
            if dialect == "trino":
                unnest = exp.Unnest(
                    expressions=[of.copy()],
                    alias=exp.TableAlias(this=exp.to_identifier("items"), columns=[exp.to_identifier(name)]),
                )
                if ordinal:
                    unnest.set("offset", ordinal[0])
                select.append("joins", exp.Join(this=unnest, kind="CROSS"))
            else:
                lateral = exp.Lateral(
                    this=exp.Explode(this=of.copy()),
                    view=True,
                    alias=exp.TableAlias(this=exp.to_identifier("items"), columns=[exp.to_identifier(name)]),
                )
                select.append("laterals", lateral)


def qualified(tree):
    """QUALIFY: a query around it, which knows the windows by name. What a `*` brings already is not named again."""
    for select in list(tree.find_all(exp.Select)):
        qualify = select.args.get("qualify")
        if qualify is None:
            continue
        select.set("qualify", None)
        aliases = {one.alias: one.this for one in select.expressions if isinstance(one, exp.Alias)}
        condition = qualify.this.copy()
        holder = exp.paren(condition)
        stars = any(one.is_star for one in select.expressions)
        names = [exp.Star()] if stars else [exp.column(one.alias_or_name) for one in select.expressions]
        inner = select.copy()
        inner.set("with_", None)
        for number, window in enumerate(list(holder.find_all(exp.Window)), 1):
            own = window.copy()
            for column in list(own.find_all(exp.Column)):
                if not column.table and column.name in aliases:
                    column.replace(exp.paren(aliases[column.name].copy()))
            inner.append("expressions", exp.alias_(own, f"window_{number}"))
            window.replace(exp.column(f"window_{number}"))
        for column in list(holder.find_all(exp.Column)):
            column.set("table", None)
        outer = exp.Select(expressions=names).from_(inner.subquery("numbered")).where(holder.this)
        if select.args.get("with_"):
            outer.set("with_", select.args["with_"].copy())
        if select is tree:
            return qualified(outer)
        select.replace(outer)
    return tree


def without_exclude(tree):
    """`* exclude (a)`: whoever asks a view names its columns, so that one too many does no harm."""
    for star in tree.find_all(exp.Star):
        star.set("except_", None)
        star.set("except", None)


def window_filters(tree):
    """FILTER in a window: NULL for what is left out."""
    for window in list(tree.find_all(exp.Window)):
        inner = window.this
        if isinstance(inner, exp.Filter):
            aggregate, condition = inner.this, inner.expression.this
            aggregate.set("this", exp.If(this=condition.copy(), true=aggregate.this.copy()))
            window.set("this", aggregate)


def fractions(tree):
    """Whoever divides whole numbers in DuckDB wants a fraction; by nothing, NULL."""
    for div in tree.find_all(exp.Div):
        div.set("typed", False)
        div.set("safe", True)


def cast(node, to):
    return exp.Cast(this=node, to=exp.DataType.build(to))


def func(name, *args):
    return exp.Anonymous(this=name, expressions=list(args))


def filtered(aggregate, column):
    """DuckDB leaves rows out whose value is NULL."""
    condition = exp.Not(this=exp.Is(this=column.copy(), expression=exp.Null()))
    parent = aggregate.parent
    if isinstance(parent, exp.Filter):
        where = parent.expression
        where.set("this", exp.and_(where.this.copy(), condition))
        return None
    return exp.Filter(this=aggregate.copy(), expression=exp.Where(this=condition))


def negative(node):
    if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal):
        return -int(node.this.name)
    if isinstance(node, exp.Literal) and not node.is_string:
        return int(node.name)
    return None


# What DuckDB's `->>` gives as the text of a structure.
STRUCTURES = ("$.messages", "$.content", "$.output.message.content")


def path_of(node):
    if isinstance(node, exp.JSONPath):
        return exp.Literal.string(node.sql(dialect="trino").strip("'"))
    key = node.this if isinstance(node, exp.Paren) else node
    return func("CONCAT", exp.Literal.string('$["'), key, exp.Literal.string('"]'))


def replaced(tree, name, node):
    """The tree with a node in the place of each column of that name."""
    for column in list(tree.find_all(exp.Column)):
        if column.name == name:
            column.replace(node.copy())
    return tree


def ancestors(node):
    while node.parent is not None:
        node = node.parent
        yield node


def put(tree, words):
    """Every node in the engine's words, the innermost first."""
    for node in reversed(list(tree.walk(bfs=True))):
        other = words.node(node)
        if other is node:
            continue
        if node is tree:
            tree = other
        else:
            node.replace(other)
    return tree


def cast_raw(node, to):
    return exp.Cast(this=node, to=exp.DataType.build(to, dialect="trino"))


NOTHING = exp.Null()


class Words:
    """One engine's words for what sqlglot leaves as DuckDB has it."""

    def __init__(self, dialect):
        self.dialect = dialect

    def node(self, node):
        """The node in the engine's words; itself where it is in them already."""
        method = getattr(self, "on_" + type(node).__name__.lower(), None)
        if method:
            return method(node)
        if isinstance(node, exp.Anonymous):
            method = getattr(self, "call_" + node.name.lower(), None)
            if method is None:
                raise ValueError(f"nobody has looked at the function {node.name}")
            return method(node, *node.expressions)
        return node

    def on_ignorenulls(self, node):
        inner = node.this
        if isinstance(node.parent, exp.Window):
            return node
        if isinstance(inner, (exp.AnyValue, exp.First)):
            return self.any_value(inner.this)
        return inner

    def on_anyvalue(self, node):
        return self.any_value(node.this)

    def on_argmax(self, node):
        return filtered(node, node.this) or node

    def on_argmin(self, node):
        return filtered(node, node.this) or node

    def call_arg_max_null(self, node, value, by):
        return exp.ArgMax(this=value, expression=by)

    def call_arg_min_null(self, node, value, by):
        return exp.ArgMin(this=value, expression=by)

    def on_groupconcat(self, node):
        inner, separator = node.this, node.args.get("separator") or exp.Literal.string(",")
        value = inner.this if isinstance(inner, exp.Order) else inner
        order = inner if isinstance(inner, exp.Order) else None
        column = value.expressions[0] if isinstance(value, exp.Distinct) else value
        return self.text_of_all(column, isinstance(value, exp.Distinct), order, separator)

    def on_interval(self, node):
        return node

    def on_trycast(self, node):
        if node.to.is_type("timestamptz") and self.dialect == "trino":
            return func("TRY", func("FROM_ISO8601_TIMESTAMP_NANOS", node.this))
        return node

    def on_bracket(self, node):
        (index,) = node.expressions
        if isinstance(index, exp.Slice):
            start, end = negative(index.this), negative(index.expression)
            return func("SLICE", node.this, exp.Literal.number(start), exp.Literal.number(end - start + 1))
        return node

    def on_splitpart(self, node):
        place = negative(node.args["part_index"])
        if place == 1:
            return node
        parts = self.split(node.this, node.args["delimiter"])
        return func("COALESCE", func("ELEMENT_AT", parts, exp.Literal.number(place)) if place > 0 else self.from_end(parts, place), self.empty_unless_null(node.this))

    def empty_unless_null(self, node):
        return exp.If(this=exp.Not(this=exp.Is(this=node.copy(), expression=exp.Null())), true=exp.Literal.string(""))

    def call_date_sub(self, node, unit, a, b):
        return self.whole_units(unit.name, a, b)

    def call_to_minutes(self, node, minutes):
        return exp.paren(exp.Mul(this=exp.paren(minutes), expression=raw("INTERVAL '1' MINUTE", "trino")))

    def call_generate_subscripts(self, node, *_):
        raise ValueError("generate_subscripts is for beside an unnest")

    def call_list_slice(self, node, items, start, end):
        length = negative(end) - negative(start) + 1
        return func("SLICE", items, start, exp.Literal.number(length))

    def call_strlen(self, node, text):
        return func("LENGTH", self.bytes_of(text))


class Trino(Words):
    def __init__(self):
        super().__init__("trino")

    def any_value(self, column):
        return func("ARBITRARY", column)

    def text_of_all(self, column, distinct, order, separator):
        listed = exp.Distinct(expressions=[column]) if distinct else column
        if order is not None:
            listed = exp.Order(this=listed, expressions=order.expressions)
        elif distinct:
            listed = exp.Order(this=listed, expressions=[exp.Ordered(this=column.copy())])
        array = exp.Filter(
            this=exp.ArrayAgg(this=listed),
            expression=exp.Where(this=exp.Not(this=exp.Is(this=column.copy(), expression=exp.Null()))),
        )
        return func("ARRAY_JOIN", array, separator)

    def split(self, text, separator):
        return func("SPLIT", text, separator)

    def from_end(self, parts, place):
        return func("ELEMENT_AT", parts, exp.Literal.number(place))

    def whole_units(self, unit, a, b):
        return func("DATE_DIFF", exp.Literal.string(unit), a, b)

    def bytes_of(self, text):
        return func("TO_UTF8", text)

    def on_cast(self, node):
        # A half is rounded to the even number, as DuckDB has it.
        if node.to.is_type("bigint") and node.args.get("_percentile"):
            shape = raw("ELEMENT_AT(TRANSFORM(ARRAY[X], v -> CAST(IF(v - FLOOR(v) = 0.5E0 AND FLOOR(v) % 2 = 0, FLOOR(v), ROUND(v)) AS BIGINT)), 1)", "trino")
            return replaced(shape, "X", node.this)
        return node

    def on_percentilecont(self, node):
        if isinstance(node.parent, exp.Cast):
            node.parent.set("_percentile", True)
        values = exp.Filter(
            this=exp.ArrayAgg(this=node.this.copy()),
            expression=exp.Where(this=exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.Null()))),
        )
        part = node.expression.sql()
        shape = raw(
            "ELEMENT_AT(TRANSFORM(ARRAY[ARRAY_SORT(X)], v -> CAST(ELEMENT_AT(v, CAST(FLOOR(P * (CARDINALITY(v) - 1)) AS BIGINT) + 1) AS DOUBLE)"
            " + (P * (CARDINALITY(v) - 1) - FLOOR(P * (CARDINALITY(v) - 1)))"
            " * (ELEMENT_AT(v, CAST(CEIL(P * (CARDINALITY(v) - 1)) AS BIGINT) + 1)"
            " - ELEMENT_AT(v, CAST(FLOOR(P * (CARDINALITY(v) - 1)) AS BIGINT) + 1))), 1)".replace("P", f"{part}E0"),
            "trino",
        )
        return replaced(shape, "X", values)

    def on_fromjson(self, node):
        if node.expression.name == '["json"]':
            return cast_raw(func("JSON_PARSE", node.this), "ARRAY(JSON)")
        if node.expression.name == '"map(varchar, varchar)"':
            shape = raw("TRANSFORM_VALUES(CAST(JSON_PARSE(X) AS MAP(VARCHAR, JSON)), (k, v) -> COALESCE(JSON_EXTRACT_SCALAR(v, '$'), NULLIF(JSON_FORMAT(v), 'null')))", "trino")
            return replaced(shape, "X", node.this)
        raise ValueError(f"nobody has looked at from_json into {node.expression.name}")

    def on_contains(self, node):
        return exp.GT(this=func("STRPOS", node.this, node.expression), expression=exp.Literal.number(0))

    def on_regexpextract(self, node):
        return func("COALESCE", exp.RegexpExtract(**{k: v for k, v in node.args.items()}), self.empty_unless_null(node.this))

    def on_regexpreplace(self, node):
        """DuckDB replaces the first match, this all of them: a pattern that can match once alone is the same."""
        pattern, other = node.expression.name, node.args.get("replacement")
        modifiers = node.args.get("modifiers")
        if not (pattern.startswith("^") or (modifiers is not None and modifiers.name == "g")):
            raise ValueError(f"a regexp_replace that may match more than once: {pattern}")
        if other is not None:
            other = exp.Literal.string(re.sub(r"\\(\d)", r"$\1", other.name))
        return func("REGEXP_REPLACE", node.this, node.expression, *([other] if other is not None else []))

    def on_jsonextract(self, node):
        """JSON is a text, as in our tables."""
        if isinstance(node.parent, exp.Anonymous) and node.parent.name == "JSON_FORMAT":
            return node
        return func("JSON_FORMAT", func("JSON_EXTRACT", node.this, path_of(node.expression)))

    def on_jsonextractscalar(self, node):
        path = path_of(node.expression)
        scalar = func("JSON_EXTRACT_SCALAR", node.this, path)
        if not (isinstance(path, exp.Literal) and path.name in STRUCTURES):
            return scalar
        whole = func("JSON_FORMAT", func("JSON_EXTRACT", node.this.copy(), path.copy()))
        return func("COALESCE", scalar, func("NULLIF", whole, exp.Literal.string("null")))



    def on_placeholder(self, node):
        return exp.Var(this=f"${node.name}")

    def on_parameter(self, node):
        return exp.Var(this=f"${node.this.name}")

    def on_dayname(self, node):
        return func("FORMAT_DATETIME", node.this, exp.Literal.string("EEEE"))

    def on_mode(self, node):
        shape = raw("ELEMENT_AT(MAP_KEYS(HISTOGRAM(X)), ARRAY_POSITION(MAP_VALUES(HISTOGRAM(X)), ARRAY_MAX(MAP_VALUES(HISTOGRAM(X)))))", "trino")
        return replaced(shape, "X", node.this)

    def on_glob(self, node):
        escaped = func("REGEXP_REPLACE", node.expression, exp.Literal.string("([.+^$(){}|\\\\])"), exp.Literal.string("\\\\$1"))
        pattern = func("REPLACE", func("REPLACE", escaped, exp.Literal.string("*"), exp.Literal.string(".*")), exp.Literal.string("?"), exp.Literal.string("."))
        whole = func("CONCAT", exp.Literal.string("^(?s:"), pattern, exp.Literal.string(")$"))
        return func("REGEXP_LIKE", node.this, whole)

    def on_length(self, node):
        inner = node.this
        if isinstance(inner, (exp.RegexpExtractAll, exp.Array, exp.Split)):
            return func("CARDINALITY", inner)
        return node

    def on_struct(self, node):
        if node.find_ancestor(exp.Anonymous) and any(
            up.name == "to_json" for up in ancestors(node) if isinstance(up, exp.Anonymous)
        ):
            names = ", ".join(f'"{one.this.name}" VARCHAR' for one in node.expressions)
            return cast_raw(func("ROW", *[one.expression for one in node.expressions]), f"ROW({names})")
        return func("ROW", *[one.expression if isinstance(one, exp.PropertyEQ) else one for one in node.expressions])

    def call_to_json(self, node, value):
        # Of structures whose fields are all texts: `on_struct`.
        return func("JSON_FORMAT", cast_raw(value, "JSON"))


def translated(text, words):
    body = text[len(head_of(text)) :]
    body = re.sub(r"\nlimit \d+\s*;?\s*$", "\n", body, flags=re.I)
    tree = parse(body)
    union_by_name(tree)
    group_by_places(tree)
    each_of_json(tree)
    unnest_in_select(tree, words.dialect)
    fractions(tree)
    window_filters(tree)
    without_exclude(tree)
    tree = qualified(tree)
    tree = put(tree, words)
    one_namespace(tree)
    return tree.sql(dialect=words.dialect, pretty=True, unsupported_level=sqlglot.ErrorLevel.RAISE) + "\n"


def one_namespace(tree):
    """`athena.cloudtrail_logs` is `athena_cloudtrail_logs` where there is one schema."""
    for table in tree.find_all(exp.Table):
        if table.db:
            table.set("this", exp.to_identifier(f"{table.db}_{table.name}"))
            table.set("db", None)


def made(path, words):
    """What the file beside is to hold; None when it is to have none."""
    text = path.read_text()
    no = re.search(r"^-- portable: no(?: (\w+))?, because ", head_of(text), re.M)
    if no and no.group(1) in (None, words.dialect):
        return None
    return f"-- {path.name} in the words of {words.dialect.title()}. Made by scripts/portable-sql.py: change that, or the file.\n" + translated(text, words)


def main():
    check = "--check" in sys.argv[1:]
    wrong, count = [], 0
    for path in sources():
        for words in (Trino(),):
            beside = path.with_name(path.name.replace(".sql", f".{words.dialect}.sql"))
            try:
                wanted = made(path, words)
            except Exception as error:
                wrong.append(f"{path.relative_to(ROOT)}: {words.dialect}: {error}")
                continue
            count += wanted is not None
            found = beside.read_text() if beside.exists() else None
            if found == wanted:
                continue
            if check:
                wrong.append(f"{beside.relative_to(ROOT)}: is not what scripts/portable-sql.py makes")
            elif wanted is None:
                beside.unlink()
            else:
                beside.write_text(wanted)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{count} files")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
