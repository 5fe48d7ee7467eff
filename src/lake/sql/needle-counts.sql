-- About how many different values each key has in a file, so that few are gathered before they are hashed.
select {{counts}} from {{file}}
