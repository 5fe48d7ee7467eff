select id, kind, value_sha256, reason from {{rows}}
