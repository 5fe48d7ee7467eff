-- New rows that have the key of another row and say something else; `differs` names the columns.
create or replace temp table conflict (lake_object varchar, against varchar, differs varchar, whole varchar)
